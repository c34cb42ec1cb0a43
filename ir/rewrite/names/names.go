// Package names holds the rule that keeps variables apart from columns and from each other.
package names

import (
	"maps"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
)

const code = "PL0201"

// Rule is PL0201.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "names",
		Doc: `Where a name could be a variable or a column the source takes the variable (MySQL Reference Manual, "Local Variable Scope and
Resolution"); PL/pgSQL raises an error, and would do so for the column as well. A variable or parameter that has the name of a column
of any table in the routine's statements, of a select item, or of something that PL/pgSQL declares itself, gets a prefix: v_ for variables, p_ for
parameters. So does a record with the name of a table in FROM: c.x would be a field of either. A variable with the name of one around it gets a number, because bodies of handlers move into inner blocks.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT PRIMARY KEY, v INT);",
			Source: "CREATE PROCEDURE p(v INT) SQL SECURITY INVOKER UPDATE t SET id = v WHERE t.v = 1;",
			Target: "CREATE OR REPLACE PROCEDURE p(p_v integer)\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  UPDATE t SET id = p_v WHERE t.v = 1;\nEND;\n$$;",
		}},
		Fidelity: diag.Exact,
		After: map[string]string{
			"handlers":    "it moves the bodies of handlers",
			"fetch":       "it declares variables",
			"calls":       "it declares variables",
			"events":      "the body of an event becomes a procedure",
			"resultsets":  "it declares parameters",
			"pl-routines": "it keeps the names of PL/SQL's parameters",
		},
		Looks: ir.Kinds(ir.KindVarDecl, ir.KindParamDecl, ir.KindCursorDecl),
		Run: func(p *rewrite.Pass) {
			for _, s := range p.Unit.Stmts {
				if control.IsProgram(s) {
					program(s)
				}
			}
		},
	}
}

// own are the names that PL/pgSQL declares in routines.
var own = map[string]bool{
	"found": true, "sqlstate": true, "sqlerrm": true, "new": true, "old": true, "tg_op": true, "tg_name": true, "tg_when": true,
	"tg_level": true, "tg_relid": true, "tg_relname": true, "tg_table_name": true, "tg_table_schema": true, "tg_nargs": true, "tg_argv": true,
}

func program(s ir.Stmt) {
	r := &run{taken: control.ColumnNames(s), used: map[string]bool{}}
	tables := relations(s)
	declared(s, func(_ ir.Node, name string, _ *string, _ string) { r.used[name] = true })
	declared(s, func(n ir.Node, name string, target *string, prefix string) {
		if *target != "" || !r.taken[name] && !own[name] && !(tables[name] && hasFields(n)) {
			return
		}
		*target = r.fresh(prefix + name)
	})
	r.shadows(s, map[string]bool{})
	cursorNames(s)
}

type run struct {
	taken map[string]bool // names of columns and select items
	used  map[string]bool // names of variables on the target
}

func (r *run) fresh(name string) string {
	n := name
	for i := 2; r.taken[n] || r.used[n]; i++ {
		n = name + "_" + strconv.Itoa(i)
	}
	r.used[n] = true
	return n
}

// declared calls f for everything that a program declares: the folded name, where the target's name goes, and a prefix.
func declared(s ir.Stmt, f func(n ir.Node, name string, target *string, prefix string)) {
	ir.Walk(s, func(n ir.Node) bool {
		switch d := n.(type) {
		case *ir.VarDecl:
			f(d, strings.ToLower(d.Name.Text), &d.TargetName, "v_")
		case *ir.ParamDecl:
			f(d, strings.ToLower(d.Name.Text), &d.TargetName, "p_")
		case *ir.CursorDecl:
			f(d, strings.ToLower(d.Name.Text), &d.TargetName, "c_")
		}
		return ir.HoldsStatements(n)
	})
}

// shadows renames variables that have the name of one around them.
func (r *run) shadows(n ir.Node, around map[string]bool) {
	b, ok := n.(*ir.Block)
	inner := around
	if l, ok := n.(*ir.Loop); ok && l.Kind == ir.RangeLoop && l.Var != nil {
		inner = maps.Clone(around)
		inner[r.counter(l)] = true
	}
	if ok {
		inner = maps.Clone(around)
		for _, d := range b.Decls {
			if v, ok := d.(*ir.VarDecl); ok {
				name := targetName(v.TargetName, v.Name)
				if around[name] {
					v.TargetName = r.fresh(name)
					name = v.TargetName
				}
				inner[name] = true
			}
		}
	}
	ir.Children(n, func(c ir.Node) {
		if ir.HoldsStatements(c) {
			r.shadows(c, inner)
		}
	})
}

func targetName(target string, name ir.Ident) string {
	if target != "" {
		return target
	}
	return strings.ToLower(name.Text)
}

// counter renames the variable of a loop that has the name of one around it which the loop's body uses, by its routine's name or a label.
func (r *run) counter(l *ir.Loop) string {
	name := targetName(l.Var.TargetName, l.Var.Name)
	hidden := func(n ir.Node) bool {
		x, ok := n.(*ir.Name)
		if !ok {
			return false
		}
		switch d := control.DeclOf(x).(type) {
		case *ir.VarDecl:
			return d != l.Var && targetName(d.TargetName, d.Name) == name
		case *ir.ParamDecl:
			return targetName(d.TargetName, d.Name) == name
		}
		return false
	}
	for _, s := range l.Body {
		if ir.Find(s, hidden) {
			l.Var.TargetName = r.fresh(name)
			return l.Var.TargetName
		}
	}
	return name
}

// cursorNames carries the new names of cursors to the statements that use them.
func cursorNames(s ir.Stmt) {
	var walk func(n ir.Node, names map[string]string)
	walk = func(n ir.Node, names map[string]string) {
		rename := func(name *string) {
			if t := names[strings.ToLower(*name)]; t != "" {
				*name = t
			}
		}
		switch x := n.(type) {
		case *ir.Block:
			inner := map[string]string{}
			for k, v := range names {
				inner[k] = v
			}
			for _, d := range x.Decls {
				if c, ok := d.(*ir.CursorDecl); ok {
					inner[strings.ToLower(c.Name.Text)] = c.TargetName
				}
			}
			names = inner
		case *ir.OpenCursor:
			rename(&x.Name)
		case *ir.FetchCursor:
			rename(&x.Name)
		case *ir.CloseCursor:
			rename(&x.Name)
		case *ir.Update:
			rename(&x.WhereCurrentOf)
		case *ir.Delete:
			rename(&x.WhereCurrentOf)
		}
		ir.Children(n, func(c ir.Node) {
			if ir.HoldsStatements(c) {
				walk(c, names)
			}
		})
	}
	if ir.Find(s, func(n ir.Node) bool { return n.NodeKind() == ir.KindCursorDecl }) {
		walk(s, map[string]string{})
	}
}
