"""What the tag costs a page that is large, and one that comes in pieces."""

from __future__ import annotations

from playwright.sync_api import Page

from ..conftest import Visit
from ..lab.recorder import Recorder
from ..lab.visitor import ran

MARKS = "marks.test"
FILL = """() => {
    const all = document.createElement('div');
    all.hidden = true;
    all.innerHTML = '<div class=c><p><a href=#>x</a></p></div>'.repeat(8000);
    document.body.append(all);
}"""
INSERT = """async () => {
    const began = performance.now();
    for (let number = 0; number < 60; number++) {
        document.body.append(document.createElement('i'));
        const { port1, port2 } = new MessageChannel();
        await new Promise(done => { port1.onmessage = done; port2.postMessage(0) });
    }
    return (performance.now() - began) / 60;
}"""
DOUBLED = """() => {
    const find = Document.prototype.querySelectorAll;
    self.searched = 0;
    Document.prototype.querySelectorAll = function (...what) { self.searched++; return find.apply(this, what) };
}"""


def granted(visit: Visit) -> Page:
    page = visit("/plain", host=MARKS)
    page.evaluate("cookiegate.accept()")
    page.wait_for_function("cookiegate.allows('marketing')")
    return page


def test_large_page_is_not_searched_for_each_small_change(visit: Visit) -> None:
    """24,000 elements: a search of them all took 45 ms at a quarter of this speed."""
    page = granted(visit)
    page.reload()
    page.wait_for_function("cookiegate._.more")
    page.evaluate(FILL)
    page.evaluate(DOUBLED)
    took = min(page.evaluate(INSERT) for _ in range(3))
    assert page.evaluate("self.searched") == 0
    assert took < 2, f"{took:.1f} ms for each element"


def test_what_comes_in_is_released_in_the_order_of_the_document(visit: Visit, recorder: Recorder) -> None:
    page = granted(visit)
    page.evaluate(
        """() => {
            const script = name => Object.assign(document.createElement('script'),
                { type: 'text/plain', text: `(self.ran = self.ran || []).push("${name}")` });
            const [first, second, third] = ['first', 'second', 'third'].map(script);
            for (const one of [first, second, third]) one.dataset.gate = 'analytics';
            document.body.append(third);
            third.before(second);
            const wrapper = document.createElement('div');
            wrapper.append(document.createElement('p'), first);
            second.before(wrapper);
        }"""
    )
    page.wait_for_function("(self.ran || []).length == 3")
    assert ran(page) == ["first", "second", "third"]


def test_half_of_a_script_is_not_run(visit: Visit) -> None:
    """The parser stops wherever the network does."""
    page = granted(visit)
    page.evaluate(
        """async () => {
            const later = () => new Promise(done => setTimeout(done, 100));
            document.open();
            document.write('<body><script type="text/plain" data-gate="analytics">self.ran = ["half"]');
            await later();
            document.write('; self.ran = ["whole"]</scr' + 'ipt>');
            document.write('<template data-gate="analytics"><script>self.more = [1]');
            await later();
            document.write('; self.more.push(2)</scr' + 'ipt></template><p>');
            await later();
            document.close();
        }"""
    )
    page.wait_for_function("self.more")
    assert ran(page) == ["whole"]
    assert page.evaluate("self.more") == [1, 2]
