"""How well a number told beforehand who would leave: pure statistics over arrays and frames.

Throughout, `risk` is a float per row (an account on a day; higher is riskier, NaN unknown), `left` says whether the account
departed within the horizon after that day, `accounts` whose row it is. One account gives many rows that are alike, so every
interval here counts accounts, not rows.
"""
