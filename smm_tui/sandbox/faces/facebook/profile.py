"""The profile of a Page: texts, picture and cover."""

from __future__ import annotations

from smm_tui.sandbox.faces.facebook.call import ROUTER, Call, new_number
from smm_tui.sandbox.faces.facebook.media import LARGEST_PHOTO
from smm_tui.sandbox.files import read_picture, sniff
from smm_tui.sandbox.http import Request, Response, json_response
from smm_tui.sandbox.things import Account, Server
from smm_tui.sandbox.world import World

RIGHT = "pages_manage_metadata"
LONGEST_ABOUT = 255


def update(call: Call, page: Account) -> Response:
    """Change what the Page says of itself; its name is not changed here."""
    call.need(RIGHT, "MANAGE")
    about, website, cover = (call.parameters.get(name) for name in ("about", "website", "cover"))
    if about is not None and len(str(about)) > LONGEST_ABOUT:
        raise call.error(100, "(#100) Param about must be at most 255 characters long")
    if cover is not None and call.world.media(page, str(cover)) is None:
        raise call.error(100, "(#100) Invalid cover photo id")
    changed = {"about": about, "website": website, "cover": cover}
    call.world.update_account(page, {name: str(value) for name, value in changed.items() if value is not None})
    return json_response({"success": True})


@ROUTER.on("POST", "/:version/:page/picture")
def picture(call: Call, version: str, page: str) -> Response:
    """Change the Page's picture."""
    owner = call.page(page)
    call.need(RIGHT, "MANAGE")
    data = call.file("source")
    if data is None or read_picture(data) is None or len(data) > LARGEST_PHOTO:
        raise call.error(100, "Invalid parameter", subcode=1366046, said="The picture cannot be read.")
    number = new_number(call.world)
    call.world.add_media(owner, number, data, sniff(data) or "", ready_at=call.world.clock())
    call.world.update_account(owner, {"picture": number})
    return json_response({"success": True})


def shown(world: World, server: Server, request: Request) -> Response | None:
    """The file of a picture, for everybody; None: the call is for something else."""
    if request.method != "GET" or not request.path.startswith("/media/"):
        return None
    found = world.media_bytes(server.host, request.path.removeprefix("/media/"))
    return Response(404) if found is None else Response(200, {"content-type": found[0]}, found[1])
