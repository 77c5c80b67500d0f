"""Line icons in a 16 by 16 box, drawn for Keepwell; always beside a word."""

ICONS = {
    "accounts": '<path d="M2.5 13.5v-9l5-2v11M7.5 6.5l6 1.5v5.5M1.5 13.5h13"/>',
    "today": '<circle cx="8" cy="8" r="6.2"/><path d="M8 4.500V8l2.500 1.800"/>',
    "cadence": '<path d="M2.5 3.5h11v10h-11zM2.5 6.5h11M5.500 2v3M10.500 2v3M5 9.500h1M8 9.500h3M5 11.500h1"/>',
    "time": '<path d="M4 2h8M4 14h8M5 2v2.500L8 8l3-3.500V2M5 14v-2.500L8 8l3 3.500V14"/>',
    "bell": '<path d="M4 11.500V7a4 4 0 0 1 8 0v4.500l1 1H3zM6.800 14.300h2.400"/>',
    "signals": '<path d="M8 9.500V14M5.200 9.800a4 4 0 1 1 5.600 0M3.200 11.800a6.800 6.800 0 1 1 9.600 0"/>',
    "plans": '<path d="M2.500 13.500 6 10l2.500 2.500 5-6.500M10 5.500h3.500V9"/>',
    "playbooks": '<path d="M3 4h1M6.500 4H13M3 8h1M6.500 8H13M3 12h1M6.500 12H10"/>',
    "incidents": '<path d="M3.5 14V2.5M3.5 3h9l-2 3.2 2 3.3h-9"/>',
    "data": '<path d="M8 2v7.5M5 6.8 8 9.8l3-3M2.5 11v1.5a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1V11"/>',
    "portfolio": '<path d="M2 13.500h12M3.500 13.500V9M6.500 13.500V5.500M9.500 13.500V7.500M12.500 13.500V2.500"/>',
    "measures": '<path d="M1.8 10.8 10.8 1.8l3.4 3.4-9 9zM4.6 8l1.5 1.5M6.9 5.7 9 7.8M9.2 3.4l1.5 1.5"/>',
    "proof": '<path d="M2 14V2M2 14h12M3 12.5c3 0 3.5-8.500 10.500-8.500"/>',
    "settings": '<path d="M2 4.5h6.5M12 4.5h2M2 11.5h2M7.500 11.5H14"/>'
    '<circle cx="10.200" cy="4.5" r="1.8"/><circle cx="5.8" cy="11.5" r="1.8"/>',
    "triage": '<path d="M2.500 9.500 4.500 3h7l2 6.500v3.500h-11zM2.500 9.500H6l1 1.500h2l1-1.500h3.500"/>',
    "library": '<path d="M8 4v9.500c-2-1.200-4-1.500-6-1V2.800c2.500-.3 4.500 0 6 1.200zM8 4c1.500-1.200 3.500-1.500 6-1.200'
    'v9.700c-2-.5-4-.2-6 1"/>',
    "search": '<circle cx="7" cy="7" r="4.5"/><path d="m10.500 10.500 3.500 3.500"/>',
    "up": '<path d="M8 13V3M4 7l4-4 4 4"/>',
    "down": '<path d="M8 3v10M4 9l4 4 4-4"/>',
    "right": '<path d="m6 3.500 4.500 4.500L6 12.500"/>',
    "tick": '<path d="m3 8.500 3.500 3.500L13 4.500"/>',
    "warning": '<circle cx="8" cy="8" r="6.2"/><path d="M8 4.800v3.700M8 11v0"/>',
    "info": '<circle cx="8" cy="8" r="6.2"/><path d="M8 7.500v3.700M8 5v0"/>',
    "download": '<path d="M8 2v8.500M4.500 7.200 8 10.700l3.500-3.500M2.500 13.500h11"/>',
    "plus": '<path d="M8 3v10M3 8h10"/>',
    "cross": '<path d="m4 4 8 8M12 4l-8 8"/>',
    "segments": '<circle cx="6" cy="6.500" r="4"/><circle cx="10" cy="9.500" r="4"/>',
    "chevron": '<path d="m4 6 4 4 4-4"/>',
    "dots": '<path d="M3.500 8v0M8 8v0M12.500 8v0"/>',
    "fold": '<rect x="2" y="2.500" width="12" height="11" rx="1.500"/><path d="M6 2.500v11M11.500 6 9.500 8l2 2"/>',
    "unfold": '<rect x="2" y="2.500" width="12" height="11" rx="1.500"/><path d="M6 2.500v11M9.500 6l2 2-2 2"/>',
    "copy": '<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/>'
    '<path d="M10.500 3.500a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1"/>',
}
