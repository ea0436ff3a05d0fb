"""What travels on the wire: one file a capability."""
