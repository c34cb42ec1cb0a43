package rules

import "godwit/ir/rewrite"

// procedural lists the rules for procedural.
func procedural() []*rewrite.Rule { return nil }
