"""The machine interface: what the offline app asks for and sends, as JSON over the session of the same origin."""
