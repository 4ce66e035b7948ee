"""Tables at the till: the whole floor at a glance (floor), and a party that moves, joins another, or has gone."""
