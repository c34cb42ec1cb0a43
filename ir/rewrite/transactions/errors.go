package transactions

import (
	"fmt"
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
)

const errorsCode = "TX0120"

// Errors is TX0120.
func Errors() *rewrite.Rule {
	return &rewrite.Rule{
		Code: errorsCode, Name: "errors-in-transactions",
		Doc: `A statement that fails undoes itself on the source, and the transaction goes on (MySQL Reference Manual, "InnoDB Error Handling"); the target takes no
statement more until ROLLBACK. In a transaction of a script a savepoint stands behind each statement that may fail, and the next one goes back to it: that
undoes the statement if it failed, and nothing if it did not. A last statement that is alone in its transaction, or in front of ROLLBACK, needs none.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT PRIMARY KEY);",
			Source: "BEGIN;\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (1);\nCOMMIT;",
			Target: "BEGIN;\nSAVEPOINT last_good;\nINSERT INTO t VALUES (1);\nRELEASE SAVEPOINT last_good;\nSAVEPOINT last_good;\nROLLBACK TO SAVEPOINT last_good;\nINSERT INTO t VALUES (1);\nRELEASE SAVEPOINT last_good;\nSAVEPOINT last_good;\nROLLBACK TO SAVEPOINT last_good;\nCOMMIT;",
		}, {
			Setup:  "CREATE TABLE t (id INT PRIMARY KEY);",
			Source: "BEGIN;\nINSERT INTO t VALUES (1);\nCOMMIT;",
			Target: "BEGIN;\nINSERT INTO t VALUES (1);\nCOMMIT;",
		}},
		Fidelity: diag.Exact,
		After: map[string]string{
			"transactions":    "it begins and ends the transactions of a session",
			"ddlcommit":       "as above",
			"pl-transactions": "as above",
			"calls":           "a call may become several statements",
		},
		Needed: func(p *rewrite.Pass) bool { return p.Session.InOrder },
		Run:    guardUnit,
	}
}

// tries is what the session's state keeps of the transaction that is open.
type tries struct {
	open  bool
	has   bool              // the savepoint exists
	dirty bool              // a statement behind the savepoint may have failed
	wrote bool              // something may have been written since BEGIN
	names []savepoint       // the script's savepoints that exist, in order
	stack []string          // those that the target has, by their names there: it keeps one whose name is set again
	last  map[string]string // the last name on the target of each that the transaction has had
}

// savepoint is one of the script, by its names on the source and on the target.
type savepoint struct{ name, target string }

const triesKey = "transactions.tries"

// lastGood is the savepoint behind the last statement that went well.
const lastGood = "last_good"

func guardUnit(p *rewrite.Pass) {
	if !p.Session.InOrder {
		return
	}
	t, _ := p.Session.State[triesKey].(*tries)
	if t == nil {
		t = &tries{}
		p.Session.State[triesKey] = t
	}
	g := &guarded{Pass: p, tries: t}
	for _, s := range p.Unit.Stmts {
		g.stmt(s)
	}
	g.close()
	if !p.Refused() {
		p.Unit.Stmts = g.out
	}
}

// guarded makes the statements of one unit.
type guarded struct {
	*rewrite.Pass
	*tries
	out    []ir.Stmt
	failed bool // a statement of the unit may fail behind the savepoint
	fresh  bool // nothing stands behind the savepoint, or there is none
}

func (g *guarded) add(at ir.Stmt, kind ir.TransactionKind) {
	n := &ir.Transaction{Kind: kind, Savepoint: ir.Ident{Text: lastGood}}
	m := at.Base()
	n.Span, n.Lead, m.Lead = m.Span, m.Lead, nil
	n.Made(errorsCode)
	g.out = append(g.out, n)
}

func (g *guarded) stmt(s ir.Stmt) {
	switch n := s.(type) {
	case *ir.Transaction:
		g.transaction(n)
		return
	case *ir.RawStmt:
		switch n.Text {
		case "BEGIN":
			*g.tries = tries{open: true}
		case "COMMIT":
			g.back(s)
			*g.tries = tries{}
		}
		if n.Text == "BEGIN" || n.Text == "COMMIT" {
			g.out = append(g.out, s)
			g.failed, g.fresh = false, true
			return
		}
	}
	if g.open {
		g.other(s)
	}
	g.out = append(g.out, s)
}

// back undoes the unit before if it failed.
func (g *guarded) back(at ir.Stmt) {
	if g.dirty {
		g.add(at, ir.RollbackToSavepoint)
		g.dirty = false
	}
}

func (g *guarded) drop(at ir.Stmt) {
	if g.has {
		g.add(at, ir.ReleaseSavepoint)
		g.has = false
	}
}

func (g *guarded) transaction(n *ir.Transaction) {
	switch n.Kind {
	case ir.BeginTransaction:
		*g.tries = tries{open: true}
		g.fresh = true
	case ir.CommitTransaction:
		g.back(n)
		*g.tries = tries{open: g.open && n.Chain}
		g.fresh = true
	case ir.RollbackTransaction:
		*g.tries = tries{open: g.open && n.Chain}
		g.failed, g.fresh = false, true
	default:
		if g.open {
			g.back(n)
			g.savepoint(n)
			return
		}
	}
	g.out = append(g.out, n)
}

// savepoint follows the script's own savepoints: the one of the rule stands behind all of them.
func (g *guarded) savepoint(n *ir.Transaction) {
	name := strings.ToLower(n.Savepoint.Text)
	at := slices.IndexFunc(g.names, func(s savepoint) bool { return s.name == name })
	switch {
	case n.Kind == ir.SetSavepoint:
		g.drop(n)
		if at >= 0 {
			g.names = slices.Delete(g.names, at, at+1)
		}
		s := savepoint{name, g.unused(name)}
		g.names, g.stack = append(g.names, s), append(g.stack, s.target)
		g.last[name] = s.target
		g.rename(n, s)
	case at < 0: // an error on both sides: the target never has an older one under the name
		if last, ok := g.last[name]; ok {
			g.rename(n, savepoint{name, last})
		}
		g.other(n)
	default:
		s := g.names[at]
		g.rename(n, s)
		g.has, g.fresh = false, true // it goes with the script's savepoint
		g.names, g.stack = g.names[:at], g.stack[:slices.Index(g.stack, s.target)]
		if n.Kind == ir.RollbackToSavepoint {
			g.names, g.stack = append(g.names, s), append(g.stack, s.target)
		}
	}
	g.out = append(g.out, n)
}

// rename gives a savepoint of its own name where the target still has one that the source has replaced.
func (g *guarded) rename(n *ir.Transaction, s savepoint) {
	if s.target != s.name {
		n.Savepoint.Text = s.target
		n.Made(errorsCode)
	}
}

// unused is a name that no savepoint of the transaction has had on the target, if an older one would be in its place.
func (g *guarded) unused(name string) string {
	if g.last == nil {
		g.last = map[string]string{}
	}
	if !slices.Contains(g.stack, name) && (g.last[name] == "" || g.last[name] == name) {
		return name
	}
	for i := 2; ; i++ {
		s := fmt.Sprintf("%s_%d", name, i)
		if _, own := g.last[s]; !own && !slices.Contains(g.stack, s) && g.last[name] != s {
			return s
		}
	}
}

// other is a statement in an open transaction.
func (g *guarded) other(s ir.Stmt) {
	switch s.(type) {
	case *ir.CommentStmt, *ir.Nothing, *ir.Unsupported:
		return
	}
	g.back(s)
	if _, lock := s.(*ir.LockTables); lock {
		return // its transaction begins with it
	}
	mayFail := true
	if q, ok := s.(*ir.QueryStmt); ok {
		mayFail = control.OfQuery(q.Query) != 0
	}
	t, isTry := s.(*ir.Transaction)
	writes := !isQuery(s) && !(isTry && t != nil)
	switch {
	case mayFail && !g.failed && g.needed(writes):
		if !g.has {
			g.add(s, ir.SetSavepoint)
			g.has = true
		}
		g.failed = true
	case writes && !g.failed:
		g.drop(s)
	}
	g.fresh = false
	g.wrote = g.wrote || writes
}

func isQuery(s ir.Stmt) bool {
	_, ok := s.(*ir.QueryStmt)
	return ok
}

// needed tells that what follows sees a difference if the statement fails: not in front of ROLLBACK, nor when nothing but
// COMMIT follows and nothing was written before.
func (g *guarded) needed(writes bool) bool {
	k := g.Session.At + 1
	if k >= len(g.Session.Script) {
		return false
	}
	next := g.Session.Script[k].Stmts
	for k+1 < len(g.Session.Script) && nothing(next) {
		k++
		next = g.Session.Script[k].Stmts
	}
	if len(next) != 1 {
		return true
	}
	if l, ok := next[0].(*ir.LockTables); ok && l.Unlock {
		return g.wrote
	}
	t, ok := next[0].(*ir.Transaction)
	if !ok {
		return true
	}
	return t.Kind != ir.RollbackTransaction && (t.Kind != ir.CommitTransaction || g.wrote)
}

// nothing tells that statements do nothing on the target.
func nothing(list []ir.Stmt) bool {
	for _, s := range list {
		switch s := s.(type) {
		case *ir.CommentStmt:
		case *ir.AlterTable:
			if slices.ContainsFunc(s.Actions, func(a *ir.AlterAction) bool { return a.Kind != "disable keys" && a.Kind != "enable keys" }) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// close puts the savepoint behind the unit.
func (g *guarded) close() {
	if !g.failed || !g.open || len(g.out) == 0 {
		return
	}
	last := g.out[len(g.out)-1]
	lead := last.Base().Lead
	defer func() { last.Base().Lead = lead }()
	if g.has {
		g.add(last, ir.ReleaseSavepoint)
	}
	g.add(last, ir.SetSavepoint)
	g.has, g.dirty = true, true
}
