"""The one grammar of conditions: what a filter, a segment, a card's choice, a rule and a metric's events are said in.

A condition is a tree of `all`, `any` and `not` over leaves such as `{"of": "metric.active_people", "below": 5}`. The same
tree filters frames of any engine, judges one row with its reasons, and reads as an English sentence. Whatever is not known
makes a leaf unknown, and unknown is carried by the three-valued logic of S. C. Kleene ("Introduction to Metamathematics",
1952, § 64): false and unknown is false, true or unknown is true, else unknown stays unknown.
"""
