"""Story 7: a CSM leaves; the successor opens the hand-over pack and knows within minutes what to do this week."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.world import World


def test_ada_leaves_and_ben_opens_the_pack(open_as: Open, lived: World) -> None:
    root = open_as(lived.root, "/handovers/")
    root.get_by_role("link", name="Ada").first.click()
    expect(root.get_by_role("heading", name="If Ada leaves today")).to_be_visible()
    expect(root.get_by_role("table", name=re.compile("something breaks"))).to_contain_text("Willow")
    root.get_by_label("To", exact=True).select_option("ben@fernhill.test")
    root.get_by_label("What they have to know of all of them").fill("Willow waits for the export.")
    root.get_by_role("button", name="Hand the book over").click()
    expect(root.get_by_text("4 hand-overs are made.")).to_be_visible()

    ben = open_as(lived.ben, "/today/")
    ben.get_by_text("Take over Willow").first.wait_for()
    ben.goto("/handovers/")
    ben.get_by_role("link", name="Willow").click()
    main = ben.get_by_role("main")
    expect(main).to_contain_text("Willow waits for the export.")
    expect(main).to_contain_text("At risk")
    expect(main.get_by_role("heading", name="Open promises")).to_be_visible()
    expect(main.get_by_role("link", name=re.compile("Call the customer")).first).to_be_visible()
    expect(main.get_by_role("heading", name="People")).to_be_visible()
    expect(main.get_by_role("heading", name="Conversations")).to_be_visible()
    ben.get_by_role("button", name="Accept").click()
    expect(main).to_contain_text("Ben accepted it")
    main.get_by_role("link", name=re.compile("Call the customer")).first.click()
    expect(ben).to_have_url(re.compile(r"/tasks/\d+/$"))
