"""What points at somebody is found however it is written, and money is read exactly."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.guard.marks import Kind, Price, amount_of, marks_of, phone, price_value, prices_of
from smm_tui.domain.guard.tongues import tongue


def found(text: str, kind: Kind) -> set[str]:
    return {mark.value for mark in marks_of(text) if mark.kind is kind}


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("See https://www.Gym.example/trial?x=1 now", Kind.DOMAIN, {"gym.example"}),
        ("gym.hu, és a többi", Kind.DOMAIN, {"gym.hu"}),
        ("Write to front.desk@gym.example.", Kind.MAIL, {"front.desk@gym.example"}),
        ("Write to front.desk@gym.example.", Kind.DOMAIN, {"gym.example"}),
        ("Write to bakery@gmail.com.", Kind.DOMAIN, set()),
        ("https://youtu.be/abc and https://instagram.com/IronYard/", Kind.DOMAIN, set()),
        ("https://instagram.com/IronYard/", Kind.HANDLE, {"ironyard"}),
        ("Hi @Gym@social.example (@coach.bsky.social)!", Kind.HANDLE, {"gym@social.example", "coach.bsky.social"}),
        ("#Kenyér #2026 &#39; #jó_reggelt", Kind.HASHTAG, {"kenyer", "jo_reggelt"}),
        ("Hívj: +36 30 123 4567!", Kind.PHONE, {"01234567"}),
        ("(06-30) 123-45-67", Kind.PHONE, {"01234567"}),
        ("847-555-0199 or 1 200 300 pieces", Kind.PHONE, {"75550199"}),
        ("2026-12-24 18:00-20:00, nyitva 08:00-16:30", Kind.PHONE, set()),
        ("Csak 4 900 Ft, online 4.500 forintért", Kind.PRICE, {"4900 HUF", "4500 HUF"}),
        ("£8 a class, $1,234.50 a year, 12,50 €", Kind.PRICE, {"8 GBP", "1234.5 USD", "12.5 EUR"}),
        ("40 pounds of salt", Kind.CURRENCY, set()),
    ],
)
def test_marks_are_found(text, kind, values):
    assert found(text, kind) == values


@given(
    amount=st.decimals(min_value=0, max_value=99_999_999, places=2),
    style=st.sampled_from([(" ", ","), ("\u00a0", ","), (".", ","), (",", "."), ("", "."), ("", ",")]),
)
def test_amounts_are_read_exactly(amount: Decimal, style):
    """However a country writes it, the amount comes back to the last cent."""
    group, point = style
    written = f"{amount:,.2f}".replace(",", "G").replace(".", "P").replace("G", group).replace("P", point)
    assert amount_of(written) == amount
    assert [price for price, _shown in prices_of(f"Only {written} EUR today")] == [Price(amount, "EUR")]


@given(st.integers(min_value=1, max_value=99_999_999))
def test_whole_amounts_are_read_exactly(amount):
    for written in (f"{amount}", f"{amount:,}".replace(",", " "), f"{amount:,}".replace(",", ".")):
        assert [price_value(price) for price, _shown in prices_of(f"{written} Ft")] == [f"{amount} HUF"]


@given(
    digits=st.text("0123456789", min_size=8, max_size=8),
    prefix=st.sampled_from(["+36 3", "06-3", "(06) 3", "0036/3"]),
    cut=st.sampled_from([" ", "-", "", "/"]),
)
def test_a_phone_number_is_one_however_it_is_dialled(digits, prefix, cut):
    written = f"{prefix}{digits[:1]}{cut}{digits[1:4]}{cut}{digits[4:]}"
    assert phone(written) == digits
    assert found(f"Tel.: {written}.", Kind.PHONE) == {digits}


@given(st.text(max_size=300))
def test_any_text_is_read(text):
    marks_of(text)
    tongue(text)


def test_languages_are_told_only_when_that_is_certain():
    assert tongue("The bar is warm and the good rack is free, so come with your friends") == "en"
    assert tongue("Nem kell hozzá semmi, csak egy kis idő és az, hogy itt legyél") == "hu"
    assert tongue("Wir haben heute auch für Sie geöffnet und es ist nicht voll") == "de"
    assert tongue("Kenyér, kifli, perec") == ""
    assert tongue("") == ""
