"""The desk in a real Chromium: ask, open a citation, see its words marked and in view, copy it."""

from __future__ import annotations

import time
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from store.archive import Archive
from tests.browsing import MARKS, WAIT, ask, assert_marked_in_view, serve_app
from tests.conftest import make_entry
from tests.endpoint import serve

pytestmark = MARKS


def test_ask_open_a_citation_and_see_its_words_marked(page: Page) -> None:
    ask(page, "Who presided over the Sichuan meeting?")
    quote = page.locator(".answer .quote").first.inner_text()
    assert "Zhong Junmin" in quote
    page.locator(".answer button.label").first.click()
    assert_marked_in_view(page, quote)
    page.keyboard.press("Escape")
    expect(page.locator(".viewer")).to_have_count(0, timeout=WAIT)


def test_a_starting_question_answers_and_its_last_point_opens_in_view(page: Page) -> None:
    page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="What three requirements").click(
        timeout=WAIT
    )
    expect(page.locator(".answer .sentence")).to_have_count(4, timeout=WAIT)
    quote = page.locator(".answer .quote").nth(3).inner_text()
    page.locator(".answer button.label").nth(3).click()
    assert_marked_in_view(page, quote)


def test_a_deep_link_opens_the_words_in_view(page: Page, address: str, desk: Archive) -> None:
    card = next(card for card in desk.catalogue.cards() if card.path.endswith("preschool-regulations-zh.pdf"))
    span = desk.catalogue.sentences(card.notice_id)[-4].span
    page.goto(f"{address}/?notice={card.notice_id}&at={span.start}-{span.end}")
    assert_marked_in_view(page, desk.catalogue.quote(card.notice_id, span))


def test_a_refusal_says_what_was_searched_and_opens_the_nearest(page: Page) -> None:
    ask(page, "Who won the football cup of Antarctica?")
    expect(page.locator(".answer .status")).to_have_text(
        "The notices do not say. 29 notices were searched, of 2018–2024."
    )
    expect(page.locator(".answer .advice")).to_contain_text("add the notice")
    expect(page.locator(".answer .quote")).to_have_count(0)
    page.locator(".answer .nearest button.open").first.click()
    expect(page.locator(".viewer mark")).to_be_visible(timeout=WAIT)


def test_a_replaced_notice_is_told_and_the_words_that_replace_it_open(page: Page) -> None:
    ask(page, "How much was the rural teacher bursary in 2019?")
    answer = page.locator(".answer")
    old, new = answer.locator(".group").first, answer.locator(".group").last
    note = old.get_by_role("note")
    expect(note).to_contain_text("was repealed or replaced by a later notice")
    expect(old.locator(".sentence").first.locator("strong").first).to_have_text("3,600 yuan")
    expect(old.locator(".sentence").first.locator(".replaced")).to_have_text("replaced since")
    expect(new.locator(".replaced")).to_have_count(0)
    expect(answer.locator(".sources .notice")).to_have_count(2)
    expect(answer.locator(".sources .line .replaced")).to_have_count(1)
    note.locator("button.label").last.click()
    assert_marked_in_view(page, new.locator(".quote").last.inner_text())


def test_rows_are_a_table_with_its_heads_and_each_opens(page: Page) -> None:
    ask(page, "What are the class size limits by stage?")
    table = page.locator(".answer table")
    expect(table.locator("thead th").first).to_have_text("Stage")
    row = table.locator("tbody tr").first
    expect(row.locator("td.cell").first).to_have_text("Primary school")
    row.locator("button.label").click()
    assert_marked_in_view(page, " ".join(row.locator("td.cell").all_inner_texts()))


def test_a_narrow_page_begins_at_its_title_and_an_answer_at_its_question(browser: Browser, address: str) -> None:
    page = browser.new_context(viewport={"width": 390, "height": 600}, locale="en-GB").new_page()
    page.goto(address)
    beginning = page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="What three requirements")
    beginning.wait_for(timeout=WAIT)
    expect(page.get_by_role("heading", name="Policy Desk").last).to_be_in_viewport(ratio=1, timeout=WAIT)
    for question in ("What are the class size limits by stage?", "How much was the rural teacher bursary in 2019?"):
        ask(page, question)
        expect(page.get_by_test_id("stChatMessage").get_by_text(question)).to_be_in_viewport(ratio=1, timeout=WAIT)
    assert page.locator(".answer").last.evaluate("element => element.scrollWidth <= element.clientWidth")
    page.context.close()


def test_what_is_shown_while_a_model_drafts_stays_where_it_is(desk: Archive, browser: Browser) -> None:
    first, second = "Teachers must not let an AI tool decide a mark.", "Teachers must not enter the name of a pupil."
    with serve() as endpoint:
        endpoint.reply = lambda _: f"{first} [1]\n{second} [1]\n" + "Nothing more is said. " * 3
        endpoint.pause = len(f"{first} [1]\n{second} [1]\n") // 7 + 2
        settings = {"POLICY_DESK_CHAT_MODEL": "openai:scripted", "POLICY_DESK_CHAT_URL": endpoint.url}
        with serve_app(desk, **settings) as url:
            page = browser.new_context(locale="en-GB").new_page()
            page.goto(url)
            box = page.get_by_test_id("stChatInputTextArea")
            expect(box).to_be_enabled(timeout=WAIT)
            box.fill("What must teachers not do with AI tools?")
            box.press("Enter")
            message = page.get_by_test_id("stChatMessage").last
            streamed = message.locator("p", has_text="Teachers must not")
            expect(streamed.first).to_have_text(first, timeout=WAIT)
            shown = streamed.count()
            before = [_place(streamed.nth(number), message) for number in range(shown)]
            endpoint.released.set()
            sentences = message.locator(".answer .sentence")
            expect(sentences.first).to_contain_text(first, timeout=WAIT)
            # On a busy machine the page takes its time to drop what the last run of the script drew.
            deadline = time.monotonic() + WAIT / 1000
            after: list[float] = []
            while not _agree(before, after) and time.monotonic() < deadline:
                page.wait_for_function(_STANDS_STILL, timeout=WAIT)
                after = [_place(sentences.nth(number), message) for number in range(shown)]
            assert _agree(before, after), (before, after)
            page.context.close()


# Whether nothing has moved for half a second.
_STANDS_STILL = """() => new Promise((resolve) => {
  const messages = () => Array.from(document.querySelectorAll('[data-testid="stChatMessage"]'));
  const place = () => messages().pop().getBoundingClientRect().top;
  const first = place();
  setTimeout(() => resolve(place() === first), 500);
})"""


def _agree(before: list[float], after: list[float]) -> bool:
    """Whether the words stand where they stood, to three pixels."""
    return len(before) == len(after) and all(abs(one - other) <= 3 for one, other in zip(before, after, strict=True))


def _place(element: Locator, message: Locator) -> float:
    """How far below the top of its message the words begin."""
    ours, its = element.bounding_box(), message.bounding_box()
    assert ours
    assert its
    return ours["y"] - its["y"]


def test_markup_in_a_notice_and_in_a_question_is_text(page: Page, desk: Archive) -> None:
    text = (
        "Canteens\n\nCanteens must serve <img src=x onerror=alert(1)> **radishes** [a](http://evil.example) :red[hot]"
        " \u202efor 005 yuan."
    )
    entry = make_entry(text, title="<b>Canteens</b> ![x](http://evil.example/x.png)", issuer="<i>Bureau</i>")
    card = entry.notice.card
    desk.add([entry], desk.embed([entry]), [])
    try:
        ask(page, "What must canteens serve with radishes <script>alert(2)</script>?")
        quotes = page.locator(".answer .quote").all_inner_texts()
        seen = text.split("\n\n")[1].replace("\u202e", "⟨U+202E⟩")
        assert seen in quotes
        expect(page.locator("img[src='x'], .answer b, .answer i, .answer a")).to_have_count(0)
        page.locator(".answer button.label").first.click()
        assert_marked_in_view(page, quotes[0])
        expect(page.get_by_role("dialog")).to_contain_text("<b>Canteens</b> ![x](http://evil.example/x.png)")
    finally:
        desk.remove(card.notice_id)


def test_chinese_for_a_chinese_browser(browser: Browser, address: str, tmp_path: Path) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_text("可以这样提问")).to_be_visible(timeout=WAIT)
    ask(page, "2023年全省教育督导工作会议由谁主持？")
    expect(page.locator(".answer .quote").first).to_contain_text("顾明哲")
    context.close()


def test_what_a_chat_model_drafts_is_told_compared_and_withheld_on_demand(desk: Archive, browser: Browser) -> None:
    true = "Teachers must not let an AI tool decide a mark."
    false = "Teachers must not accuse <b>anybody</b> in Paris."
    with serve() as endpoint:
        endpoint.reply = lambda _: f"{true} [1]\n{false} [1]"
        settings = {"POLICY_DESK_CHAT_MODEL": "openai:scripted", "POLICY_DESK_CHAT_URL": endpoint.url}
        with serve_app(desk, **settings) as url:
            page = browser.new_context(locale="en-GB").new_page()
            page.goto(url)
            ask(page, "What must teachers not do with AI tools?")
            answer = page.locator(".answer")
            expect(answer.locator(".quote").first).to_have_text(true)
            expect(answer.locator(".drafted")).to_contain_text("Drafted by openai:scripted")
            expect(answer.locator(".sources .proof").first).to_contain_text(
                "9. Teachers must not let an AI tool decide"
            )
            withheld = answer.locator("details.withheld")
            expect(withheld.locator("summary")).to_have_text("1 sentence withheld")
            expect(withheld.locator(".refused")).to_be_hidden()
            withheld.locator("summary").click()
            expect(withheld.locator(".refused")).to_have_text(false)
            expect(withheld.locator(".reason")).not_to_be_empty()
            assert answer.locator("b").count() == 0
            answer.locator("button.label").first.click()
            expect(page.locator(".viewer mark")).to_contain_text("decide a mark", timeout=WAIT)
            page.context.close()
