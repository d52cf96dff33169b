"""What English pages call the tables, offices and facts that the city names in both languages."""

from tests.web.conftest import AsUser
from tests.web.test_pages import FIRM, words


def english(as_user: AsUser, username: str, address: str) -> str:
    client = as_user(username)
    client.cookies["django_language"] = "en"
    return words(client.get(address, follow=True))


def test_batches_are_listed_by_english_titles_and_offices(as_user: AsUser) -> None:
    listed = english(as_user, "bureau", "/intake/")
    assert "Enterprise tax, yearly 2021" in listed
    assert "企业年度税收" not in listed
    assert "市税务局" not in listed
    batch = english(as_user, "bureau", "/intake/T1-202100-01/")
    assert "Enterprise tax, yearly: 5 faults to correct" in batch
    assert "Show “to correct” alone (5)" in batch
    assert "stop" not in batch.lower()


def test_the_upload_form_asks_for_columns_by_their_english_names(as_user: AsUser) -> None:
    form = english(as_user, "tax", "/intake/upload/")
    assert "Unified social credit code, Enterprise name, Tax paid, total" in form


def test_an_explanation_names_facts_offices_and_units_in_english(as_user: AsUser) -> None:
    text = english(as_user, "bureau", f"/evaluation/latest/{FIRM}/")
    assert "Tax paid" in text
    assert "Tax Bureau" in text
    assert "实缴税金" not in text
    assert "万元" not in text
