package godwit

import (
	"godwit/ir"
	"godwit/ir/dialect"
)

// Dumps make a table (phpMyAdmin, HeidiSQL, mysqldump before 5.6) or a view of constants (mysqldump) in the place of each view, so that views may read one
// another in any order, and drop it right before the view itself. A folder has the views in the order in which they read one another, and makes the last
// object of a name only.

// standIn is an object that a later one of its name may take the place of.
type standIn struct {
	view       bool
	made, drop *Unit
}

// standIns leaves out what only stands in for a view, and what deletes no rows.
func (p *pipeline) standIns(us []*Unit) {
	if p.opt.From == dialect.Oracle {
		return
	}
	found := map[string]*standIn{}
	take := func(key string, view bool, u *Unit) {
		if x := found[key]; x != nil && x.drop != nil && (view || x.view) {
			x.made.empty()
			x.drop.empty()
		}
		found[key] = &standIn{view: view, made: u}
	}
	for _, u := range us {
		if len(u.Stmts) != 1 {
			continue
		}
		switch s := u.Stmts[0].(type) {
		case *ir.Delete:
			if u.idle {
				u.empty()
			}
		case *ir.CreateTable:
			if !s.Temporary && !s.IfNotExists {
				take(turnKey(u, s.Name), false, u)
			}
		case *ir.CreateView:
			take(turnKey(u, s.Name), true, u)
		case *ir.Drop:
			if (s.Kind == "table" || s.Kind == "view") && !s.Temporary && len(s.Names) == 1 {
				if x := found[turnKey(u, s.Names[0])]; x != nil && x.view == (s.Kind == "view") {
					x.drop = u
				}
			}
		}
	}
}
