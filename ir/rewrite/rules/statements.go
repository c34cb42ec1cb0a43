package rules

import "godwit/ir/rewrite"

// statements lists the rules for statements.
func statements() []*rewrite.Rule { return nil }
