"""When a banner is there to be pressed, beside pages without a gate and beside other consent managers."""
