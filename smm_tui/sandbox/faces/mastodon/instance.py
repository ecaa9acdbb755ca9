"""What a server says of itself, and its accounts."""

from __future__ import annotations

from smm_tui.sandbox.faces.mastodon import entities
from smm_tui.sandbox.faces.mastodon.call import ROUTER, Call
from smm_tui.sandbox.http import JSON, Response, json_response


def _configuration(call: Call) -> JSON:
    flavour = call.flavour
    return {
        "accounts": {
            "max_featured_tags": 10,
            "max_pinned_statuses": 5,
            "max_profile_fields": 6 if flavour.ulids else 4,
            "profile_field_name_limit": 255,
            "profile_field_value_limit": 255,
        },
        "statuses": {
            "max_characters": flavour.max_characters,
            "max_media_attachments": flavour.max_media_attachments,
            "characters_reserved_per_url": flavour.url_characters,
        },
        "media_attachments": {
            "supported_mime_types": list(flavour.mime_types),
            "description_limit": flavour.description_limit,
            "image_size_limit": flavour.image_size_limit,
            "image_matrix_limit": flavour.image_matrix_limit,
            "video_size_limit": flavour.video_size_limit,
            "video_frame_rate_limit": 120,
            "video_matrix_limit": 8_294_400,
        },
        "polls": {
            "max_options": 6 if flavour.ulids else 4,
            "max_characters_per_option": 50,
            "min_expiration": 300,
            "max_expiration": 2_629_746,
        },
    }


@ROUTER.on("GET", "/api/v2/instance")
def show(call: Call) -> Response:
    """Instance: limits, version, what the server is."""
    base, host = call.server.base, call.server.host
    flavour = call.flavour
    body: JSON = {
        "domain": host,
        "title": call.server.title,
        "version": flavour.version,
        "source_url": flavour.source_url,
        "description": "A sandbox: nobody outside this machine reads it.",
        "usage": {"users": {"active_month": len(call.world.accounts(server=host))}},
        "thumbnail": {"url": f"{base}/packs/media/images/preview.png"},
        "icon": [],
        "languages": ["en"],
        "configuration": {
            **_configuration(call),
            "urls": {"streaming": base.replace("http", "ws", 1)},
            "translation": {"enabled": False},
        },
        "registrations": {"enabled": False, "approval_required": False, "message": None, "url": None},
        "contact": {"email": f"admin@{host.partition(':')[0]}", "account": None},
        "rules": [],
    }
    if flavour.api_version is not None:
        body["api_versions"] = {"mastodon": flavour.api_version}
    return json_response(body)


@ROUTER.on("GET", "/api/v1/instance")
def show_v1(call: Call) -> Response:
    """The older form of the same."""
    host = call.server.host
    return json_response(
        {
            "uri": host,
            "title": call.server.title,
            "short_description": "A sandbox: nobody outside this machine reads it.",
            "description": "A sandbox: nobody outside this machine reads it.",
            "email": f"admin@{host.partition(':')[0]}",
            "version": call.flavour.version,
            "urls": {"streaming_api": call.server.base.replace("http", "ws", 1)},
            "stats": {
                "user_count": len(call.world.accounts(server=host)),
                "status_count": len(call.world.live_posts(server=host)),
                "domain_count": 0,
            },
            "thumbnail": None,
            "languages": ["en"],
            "registrations": False,
            "approval_required": False,
            "invites_enabled": False,
            "configuration": _configuration(call),
            "contact_account": None,
            "rules": [],
        }
    )


@ROUTER.on("GET", "/.well-known/nodeinfo")
def nodeinfo_links(call: Call) -> Response:
    """Where the node's description is."""
    rel = "http://nodeinfo.diaspora.software/ns/schema/2.0"
    return json_response({"links": [{"rel": rel, "href": f"{call.server.base}/nodeinfo/2.0"}]})


@ROUTER.on("GET", "/nodeinfo/2.0")
def nodeinfo(call: Call) -> Response:
    """The node's description."""
    host = call.server.host
    return json_response(
        {
            "version": "2.0",
            "software": {"name": call.flavour.software, "version": call.flavour.version},
            "protocols": ["activitypub"],
            "services": {"inbound": [], "outbound": []},
            "usage": {
                "users": {"total": len(call.world.accounts(server=host))},
                "localPosts": len(call.world.live_posts(server=host)),
            },
            "openRegistrations": False,
            "metadata": {},
        }
    )


@ROUTER.on("GET", "/api/v1/accounts/verify_credentials")
def verify_credentials(call: Call) -> Response:
    """The caller's own account."""
    return json_response(entities.credential_account(call, call.user("read:accounts", "profile")))


@ROUTER.on("GET", "/api/v1/accounts/lookup")
def lookup(call: Call) -> Response:
    """An account by its name."""
    call.viewer()
    name, _, domain = (call.text("acct") or "").removeprefix("@").partition("@")
    account = call.world.find_account(domain or call.server.host, name)
    if account is None or account.network != call.server.network:
        raise call.not_found()
    return json_response(entities.account_entity(call, account))
