// Package rules lists every rule in one place. Deleting a rule is deleting its folder and its line here.
package rules

import "godwit/ir/rewrite"

// All returns every rule; rewrite.Order sorts them.
func All() []*rewrite.Rule {
	var all []*rewrite.Rule
	all = append(all, expressions()...)
	all = append(all, statements()...)
	all = append(all, definitions()...)
	all = append(all, procedural()...)
	return all
}
