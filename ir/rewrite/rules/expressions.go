package rules

import (
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/arithmetic"
	"godwit/ir/rewrite/bitoperators"
	"godwit/ir/rewrite/builtins"
	"godwit/ir/rewrite/cast"
	"godwit/ir/rewrite/citext"
	"godwit/ir/rewrite/collation"
	"godwit/ir/rewrite/concat"
	"godwit/ir/rewrite/dateadd"
	"godwit/ir/rewrite/division"
	"godwit/ir/rewrite/enumstores"
	"godwit/ir/rewrite/flow"
	"godwit/ir/rewrite/fulltext"
	"godwit/ir/rewrite/information"
	"godwit/ir/rewrite/json"
	"godwit/ir/rewrite/like"
	"godwit/ir/rewrite/logic"
	"godwit/ir/rewrite/now"
	"godwit/ir/rewrite/numbers"
	"godwit/ir/rewrite/regexp"
	"godwit/ir/rewrite/spatial"
	"godwit/ir/rewrite/temporal"
	"godwit/ir/rewrite/text"
	"godwit/ir/rewrite/textorder"
	"godwit/ir/rewrite/timezone"
	"godwit/ir/rewrite/zerodates"
)

// expressions lists the rules for expressions. Those of one language compute, convert and compare by its rules; expressions of the other are
// lowered by one rule of their own.
func expressions() []*rewrite.Rule {
	return append(of(rewrite.PSM,
		division.Rule(),
		arithmetic.Rule(),
		bitoperators.Rule(),
		logic.Rule(),
		cast.Rule(),
		concat.Rule(),
		like.Rule(),
		regexp.Rule(),
		collation.Rule(),
		citext.Rule(),
		textorder.Rule(),
		now.Rule(),
		dateadd.Rule(),
		temporal.Rule(),
		timezone.Rule(),
		zerodates.Rule(),
		spatial.Rule(),
		fulltext.Rule(),
		enumstores.Rule(),
		text.Rule(),
		numbers.Rule(),
		flow.Rule(),
		information.Rule(),
		json.Rule(),
	), builtins.Rule())
}

// of restricts rules to a language.
func of(l rewrite.Language, rules ...*rewrite.Rule) []*rewrite.Rule {
	for _, r := range rules {
		r.Language = l
	}
	return rules
}
