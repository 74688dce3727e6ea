"""Sites whose pages a script gates: the ones that can only paste a tag, and the fully cached pages of the gate."""
