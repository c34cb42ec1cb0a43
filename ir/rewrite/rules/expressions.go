package rules

import (
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/arithmetic"
	"godwit/ir/rewrite/bitoperators"
	"godwit/ir/rewrite/cast"
	"godwit/ir/rewrite/division"
	"godwit/ir/rewrite/logic"
)

// expressions lists the rules for expressions.
func expressions() []*rewrite.Rule {
	return []*rewrite.Rule{
		division.Rule(),
		arithmetic.Rule(),
		bitoperators.Rule(),
		logic.Rule(),
		cast.Rule(),
	}
}
