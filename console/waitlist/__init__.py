"""The waitlist (排队叫号) at the door's till: who waits, a number for a guest without a phone, calls, and who sits down."""
