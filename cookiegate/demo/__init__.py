"""The demonstration: a walking-holiday company's site behind the gate, and a tracker network on loopback.

The site carries the vendors' tags as the vendors document them. The network stands in for the vendors, does
what their scripts do, and counts what reaches it.
"""
