package rules

import "godwit/ir/rewrite"

// expressions lists the rules for expressions.
func expressions() []*rewrite.Rule { return nil }
