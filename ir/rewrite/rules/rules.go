// Package rules lists every rule in one place. Deleting a rule is deleting its folder and its line here.
package rules

import (
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/lateerrors"
)

// All returns every rule; rewrite.Order sorts them.
func All() []*rewrite.Rule {
	all := []*rewrite.Rule{lateerrors.Rule()}
	all = append(all, expressions()...)
	all = append(all, statements()...)
	all = append(all, definitions()...)
	all = append(all, procedural()...)
	return all
}
