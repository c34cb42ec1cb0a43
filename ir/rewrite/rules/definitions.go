package rules

import "godwit/ir/rewrite"

// definitions lists the rules for definitions.
func definitions() []*rewrite.Rule { return nil }
