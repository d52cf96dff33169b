"""What each of the demo's people finds on the pages."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.web.conftest import AsUser
from wuhao.core import city
from wuhao.web.middleware import POLICY

FIRM = "91430200MA4W2C1J9K"
FIRM_NAME = "株洲芸河精密刀具有限公司"
PUBLIC = {"login", "logout", "language", "public", "public-year"}
ARGUMENTS = {
    "pk": 1,
    "no": "T1-202100-01",
    "sheet": "入库汇总",
    "ref": "D6",
    "register": "enterprise",
    "key": FIRM,
    "year": 2022,
    "code": "grade_a",
    "job_id": 1,
}


def words(response) -> str:
    """What a person reads: the page's text without tags."""
    text = re.sub(r"<(script|title).*?</\1>", "", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def run_no(client: Client) -> str:
    return client.get("/evaluation/").headers["Location"].split("/")[2]


def every_address() -> list[tuple[str, str]]:
    """(name, address) of every page of the site, with the demo's keys filled in."""
    found = []
    for pattern in get_resolver("wuhao.web.urls").url_patterns:
        assert isinstance(pattern, URLPattern)
        route = str(pattern.pattern)
        for name in re.findall(r"<\w+:(\w+)>", route):
            route = re.sub(rf"<\w+:{name}>", str(ARGUMENTS.get(name, "x")), route)
        found.append((pattern.name, "/" + route))
    return found


@pytest.mark.parametrize(("name", "address"), every_address())
def test_a_visitor_sees_public_pages_only(db, name: str, address: str) -> None:
    response = Client().get(address)
    if name in PUBLIC:
        assert response.headers.get("Location", "").startswith("/login/?") is False
    else:
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/login/?next=")


def test_a_person_without_a_post_is_told_so(db, django_user_model) -> None:
    client = Client()
    client.force_login(django_user_model.objects.create_user("nobody", "secret", name="甲"))
    response = client.get("/")
    assert response.status_code == 403
    assert "您还没有岗位" in words(response)


def test_every_answer_carries_the_strict_policy(as_user: AsUser) -> None:
    client = as_user("bureau")
    for address in ("/", "/public/", "/nothing-here/", "/registers/enterprise/NONE/"):
        policy = client.get(address).headers["Content-Security-Policy"]
        assert policy == POLICY
    assert "unsafe" not in POLICY
    assert POLICY.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "frame-ancestors 'none'" in POLICY


ROLES = ["bureau", "desk", "tax", "stats", "land", "power", "env", "mkt", "park", "park2",
         "enterprise", "lead", "audit", "sysadmin"]  # fmt: skip


@pytest.mark.parametrize("username", ROLES)
def test_every_stage_that_is_offered_opens(as_user: AsUser, username: str) -> None:
    client = as_user(username)
    desk = client.get("/")
    assert desk.status_code == 200
    offered = set(re.findall(r'<li>\s*<a href="([^"]+)"', desk.content.decode()))
    assert "/" in offered
    for address in offered:
        response = client.get(address, follow=True)
        assert response.status_code == 200, address


def test_the_bureau_goes_from_the_list_to_the_cell(as_user: AsUser) -> None:
    client = as_user("bureau")
    listed = client.get("/registers/enterprise/", {"q": FIRM_NAME})
    assert FIRM_NAME in words(listed)
    record = client.get(f"/registers/enterprise/{FIRM}/")
    assert "241.62 万元" in words(record)
    assert "2,416,200.00 元" in record.content.decode()
    explained = client.get(f"/evaluation/latest/{FIRM}/", follow=True)
    text = words(explained)
    assert "亩均税收怎么算" in text
    assert "241.62" in text
    cells = re.findall(r'href="(/cells/T1[^"]+)"', explained.content.decode())
    tax = next(unescape(url) for url in cells if url.endswith("/D6/"))
    cell = client.get(tax)
    assert "2416200" in words(cell)
    assert "税收_税务局_2021年.xlsx" in words(cell)
    assert re.search(r'class="hit[^"]*"[^>]*>2416200', cell.content.decode())


def test_the_little_window_of_a_source_mark_shows_the_cell(as_user: AsUser) -> None:
    client = as_user("bureau")
    record = client.get(f"/registers/enterprise/{FIRM}/").content.decode()
    card = unescape(re.search(r'hx-get="(/cells/T1[^"]+/card/)"', record)[1])
    assert "2416200" in client.get(card).content.decode()


def test_a_park_sees_its_own_firms_and_no_amounts(as_user: AsUser) -> None:
    client = as_user("park")
    assert FIRM_NAME in words(client.get("/registers/enterprise/", {"q": FIRM_NAME}))
    record = words(client.get(f"/registers/enterprise/{FIRM}/"))
    assert "实缴税金" not in record
    assert "241.62" not in record
    explained = words(client.get(f"/evaluation/latest/{FIRM}/", follow=True))
    assert "241.62" not in explained
    assert "不到基准的一半" in explained
    other = as_user("park2").get(f"/registers/enterprise/{FIRM}/")
    assert other.status_code == 404
    assert FIRM_NAME not in words(other)


def test_an_enterprise_sees_itself_alone(as_user: AsUser) -> None:
    client = as_user("enterprise")
    assert client.get("/registers/").headers["Location"].endswith(f"/{FIRM}/")
    assert "241.62" in words(client.get(f"/evaluation/latest/{FIRM}/", follow=True))
    listed = client.get("/registers/enterprise/")
    assert listed.content.decode().count('class="name mute-link"') == 1
    foreign = as_user("bureau").get("/registers/enterprise/", {"sort": "-tax_paid_yuan"})
    keys = set(re.findall(r"/registers/enterprise/([0-9A-Z]{18})/", foreign.content.decode()))
    for key in sorted(keys - {FIRM})[:3]:
        assert client.get(f"/registers/enterprise/{key}/").status_code == 404


def test_an_office_sees_its_own_columns_alone(as_user: AsUser) -> None:
    tax = words(as_user("tax").get(f"/registers/enterprise/{FIRM}/"))
    assert "实缴税金" in tax
    assert "营业收入" not in tax
    stats = words(as_user("stats").get(f"/registers/enterprise/{FIRM}/"))
    assert "营业收入" in stats
    assert "实缴税金" not in stats


def test_the_public_list_shows_grades_and_never_amounts(as_user: AsUser) -> None:
    page = as_user("").get("/public/")
    text = words(page)
    assert page.status_code == 200
    assert "A 类企业名单" in text
    assert "****" in text
    assert not re.search(r"9143[0-9A-Z]{14}", text)
    assert "241.62" not in text


def test_a_filter_on_a_column_out_of_sight_is_refused(as_user: AsUser) -> None:
    response = as_user("park").get("/registers/enterprise/", {"sort": "tax_paid_yuan"})
    assert response.status_code == 400
    assert "不能按" in words(response)


def test_an_export_needs_a_purpose_and_is_written_down(as_user: AsUser) -> None:
    from wuhao.core.models import ExportLog

    client = as_user("bureau")
    address = "/registers/enterprise/export/"
    refused = client.post(address, {"purpose": " ", "format": "csv"})
    assert refused.status_code == 400
    assert "写明用途" in words(refused)
    assert ExportLog.objects.count() == 0
    given = client.post(address, {"purpose": "核对税收", "format": "csv", "q": FIRM_NAME})
    lines = given.content.decode().splitlines()
    assert "核对税收" in lines[0]
    assert "张三" in lines[0]
    assert FIRM_NAME in lines[2]
    assert "2416200.00" in lines[2]
    assert ",规上," in lines[2]
    assert FIRM not in lines[2]  # a column that the list does not show
    assert len(lines) == 3
    kept = ExportLog.objects.get()
    assert (kept.purpose, kept.rows) == ("核对税收", 1)


def test_an_export_as_workbook_keeps_missing_zero_and_numbers_apart(as_user: AsUser) -> None:
    import io

    import openpyxl

    given = as_user("bureau").post(
        "/registers/enterprise/export/", {"purpose": "核对", "format": "xlsx", "f.scale": "above"}
    )
    book = openpyxl.load_workbook(io.BytesIO(given.content))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) == 1005
    research = rows[0].index("研发经费（元）")
    values = {type(row[research]) for row in rows[1:]}
    assert "未报" in {row[research] for row in rows[1:]}
    assert 0 in {row[research] for row in rows[1:]}
    assert str in values
    assert "核对" in [row[1] for row in book.worksheets[1].iter_rows(values_only=True)]


def test_the_chosen_columns_are_kept(as_user: AsUser) -> None:
    client = as_user("bureau")
    client.get("/registers/enterprise/", {"col": ["name", "tax_paid_yuan"]})
    again = client.get("/registers/enterprise/").content.decode()
    head = re.search(r"<thead>.*?</thead>", again, re.S)[0]
    assert head.count("<th ") == 2


def test_a_past_day_is_kept_and_said_until_today_is_asked_for(as_user: AsUser) -> None:
    client = as_user("bureau")
    client.get("/registers/enterprise/", {"as_of": "2020-01-01"})
    text = words(client.get("/registers/enterprise/"))
    assert "您在看 2020年1月1日 的台账" in text
    client.get("/", {"as_of": "2022-06-28"})
    assert "2020年1月1日" not in words(client.get("/registers/enterprise/"))


def test_a_day_that_is_none_is_answered_with_a_sentence(as_user: AsUser) -> None:
    text = words(as_user("bureau").get("/", {"as_of": "28.6."}))
    assert "日期要写成 2022-06-28 这样" in text


def test_search_finds_by_name_and_opens_a_whole_credit_code(as_user: AsUser) -> None:
    client = as_user("bureau")
    assert FIRM_NAME in words(client.get("/search/", {"q": "芸河"}))
    assert client.get("/search/", {"q": FIRM.lower()}).headers["Location"].endswith(f"/{FIRM}/")
    assert "没有找到" in words(client.get("/search/", {"q": "查无此企业名称"}))
    assert FIRM_NAME not in words(as_user("park2").get("/search/", {"q": "芸河"}))


def test_the_english_frame_holds_no_chinese(as_user: AsUser) -> None:
    for username, address in (
        ("bureau", "/"),
        ("tax", "/intake/upload/"),
        ("bureau", "/registers/enterprise/"),
        ("bureau", f"/evaluation/latest/{FIRM}/"),
        ("enterprise", "/"),
        ("", "/login/"),
        ("", "/public/"),
    ):
        client = as_user(username)
        client.cookies["django_language"] = "en"
        page = client.get(address, follow=True).content.decode()
        assert 'lang="en"' in page
        data = r'<(main|footer class="pub-foot").*?</(main|footer)>'  # data stays in Chinese
        frame = re.sub(data, "", page, flags=re.S)
        shown = re.sub(r'<button [^>]*lang="zh-CN".*?</button>', "", frame, flags=re.S)
        shown = re.sub(r"<title>.*?</title>", "", shown, flags=re.S)
        for person in city.read("city.yaml")["users"]:
            shown = shown.replace(person["name"], "").replace(f">{person['name'][0]}</i>", "")
        assert re.findall(r"[\u4e00-\u9fff]+", shown) == [], address


def test_the_language_switch_comes_back_to_the_page(as_user: AsUser) -> None:
    client = as_user("bureau")
    answer = client.post("/language/", {"language": "en", "next": "/registers/park/"})
    assert answer.headers["Location"] == "/registers/park/"
    assert "Parks" in words(client.get("/registers/park/"))


def test_login_refuses_politely_and_never_leads_elsewhere(as_user: AsUser) -> None:
    client = as_user("")
    wrong = client.post("/login/", {"username": "bureau", "password": "x"})
    assert wrong.status_code == 401
    assert "用户名或口令不对" in words(wrong)
    right = {"username": "bureau", "password": "wuhao-2022", "next": "https://elsewhere.example/"}
    assert client.post("/login/", right).headers["Location"] == "/"


def test_the_demo_log_ins_are_shown_in_the_demo_only(as_user: AsUser, settings) -> None:
    assert "演示账号" in words(as_user("").get("/login/"))
    settings.WUHAO_DEMO = False
    page = as_user("").get("/login/")
    assert "演示账号" not in words(page)
    assert "wuhao-2022" not in page.content.decode()


def test_the_ribbon_says_that_it_is_a_demo_and_which_day_it_is(as_user: AsUser) -> None:
    text = words(as_user("bureau").get("/"))
    assert "演示数据" in text
    assert "今天是 2022年6月28日" in text


def test_pages_that_are_not_there_say_where_to_go(as_user: AsUser) -> None:
    response = as_user("bureau").get("/nothing-here/")
    assert response.status_code == 404
    assert "没有这一页" in words(response)
    assert as_user("bureau").get("/registers/nothing/").status_code == 404


def test_results_stand_by_rank_and_give_reasons_in_words(as_user: AsUser) -> None:
    client = as_user("bureau")
    no = run_no(client)
    first = words(client.get(f"/evaluation/{no}/results/", {"f.scale": "above"}))
    assert "第 1 至 50 行，共 1,004 行" in first
    last = words(client.get(f"/evaluation/{no}/results/", {"f.scale": "above", "page": "20"}))
    assert "new_lt_24_months" not in last
    assert "24" in last


def test_figures_show_their_parts(as_user: AsUser) -> None:
    text = words(as_user("bureau").get("/reports/figures/"))
    assert "规模以上工业企业数" in text
    assert "1,004" in text
    assert re.search(r"\d+ 家 ÷ [\d,]+ 家", text)


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/registers/enterprise/", 24),
        (f"/registers/enterprise/{FIRM}/", 44),
        ("/intake/", 16),
    ],
)
def test_pages_ask_the_database_a_bounded_number_of_times(
    as_user: AsUser, django_assert_max_num_queries, address: str, most: int
) -> None:
    client = as_user("bureau")
    client.get(address)
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200
