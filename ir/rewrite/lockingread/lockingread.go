// Package lockingread holds the rule for FOR UPDATE and FOR SHARE.
package lockingread

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

var (
	groups = &diag.Code{
		ID: "QY0104", Title: "rows cannot be locked through groups", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "PostgreSQL locks rows only where each row of the result is one row of a table: not with GROUP BY, DISTINCT, aggregates, window functions or set operations.",
		Next:  "Lock the rows by a query of their own first.",
		Learn: 0.3, Each: 0.5,
	}
	wait = &diag.Code{
		ID: "QY0105", Title: "a wait time for one lock", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "MariaDB's WAIT n limits the wait of this statement. PostgreSQL has the setting lock_timeout only.",
		Next:  "Set lock_timeout before the statement and reset it behind.",
		Learn: 0.2, Each: 0.2,
	}
	patient = &diag.Code{
		ID: "QY0393", Title: "a lock that is waited for without an end", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:   "FOR UPDATE WAIT n and LOCK TABLE ... WAIT n fail with ORA-30006 when another session keeps the row or table for n seconds. PostgreSQL waits until it is free, unless lock_timeout is set. Where no other session has the rows there is no difference.",
		Next:  "Set lock_timeout for the session or the transaction: SET LOCAL lock_timeout = '5s'.",
		Learn: 0.2, Each: 0.1,
	}
	outer = &diag.Code{
		ID: "QY0106", Title: "rows of the inner side of an outer join are not locked", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:   "The source locks the rows of all tables. PostgreSQL cannot lock the side of an outer join that may be missing; the other tables are locked.",
		Next:  "Lock those rows by a query of their own where that matters.",
		Learn: 0.2, Each: 0.2,
	}
)

// Rule is QY0007.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0007", Name: "locking-read",
		Doc: `FOR UPDATE and LOCK IN SHARE MODE lock the rows that a query reads (MySQL Reference Manual, "Locking Reads"). PostgreSQL has both, but not
over groups, and not for the side of an outer join that may be missing: there the tables to lock are named.`,
		Examples: []rewrite.Example{{
			Setup: "CREATE TABLE t (id INT PRIMARY KEY);", Source: "SELECT id FROM t WHERE id = 1 LOCK IN SHARE MODE;", Target: "SELECT id FROM t WHERE id = 1 FOR SHARE;",
		}, {
			Setup: "CREATE TABLE t (id INT PRIMARY KEY);", Source: "SELECT MAX(id) FROM t WHERE id < 9 FOR UPDATE;", Target: "SELECT max(id) FROM (SELECT * FROM t WHERE id < 9 FOR UPDATE) AS t;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{groups, wait, patient, outer},
		After:    map[string]string{"lax-group-by": "it looks at the tables of the query"},
		Looks:    ir.Kinds(ir.HasLock, ir.KindLockTable),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch q := n.(type) {
			case *ir.SetOp:
				if len(q.Lock) > 0 {
					rewrite.Refuse(p, groups, q.Span, "FOR UPDATE stands behind a set operation")
				}
			case *ir.LockTable:
				table(p, q)
			case *ir.Select:
				if len(q.Lock) > 0 {
					sel(p, q)
				}
			}
			return true
		})
	}
}

// table is LOCK TABLE ... WAIT n.
func table(p *rewrite.Pass, s *ir.LockTable) {
	n, literal := s.Wait.(*ir.Number)
	switch {
	case s.Wait == nil || !p.Unit.PLSQL:
	case literal && tree.IsZero(n):
		s.Wait, s.NoWait = nil, true
	default:
		p.Report(patient, s.Span, "LOCK TABLE WAIT")
		s.Wait = nil
	}
}

func sel(p *rewrite.Pass, s *ir.Select) {
	if (s.Distinct || tree.Grouped(s)) && !inside(p, s) {
		rewrite.Refuse(p, groups, s.Span, "FOR UPDATE stands behind a query that makes groups")
		return
	}
	if len(s.From) == 0 || s.Lock == nil {
		s.Lock = nil
		return
	}
	for _, l := range s.Lock {
		if l.Wait != nil {
			if n, ok := l.Wait.(*ir.Number); ok && tree.IsZero(n) {
				l.Wait, l.NoWait = nil, true
				continue
			}
			if p.Unit.PLSQL {
				p.Report(patient, l.Span, "FOR UPDATE WAIT")
				l.Wait = nil
			} else {
				rewrite.Refuse(p, wait, l.Span, "FOR UPDATE WAIT")
				return
			}
		}
		if len(l.Of) == 0 && tree.HasOuterJoin(s.From) {
			l.Of = firm(s.From)
			p.Report(outer, s.Span, "the rows of outer joined tables are not locked")
		}
	}
}

// inside locks the rows of the one table of a query with groups in a derived table around which the groups are made.
func inside(p *rewrite.Pass, s *ir.Select) bool {
	if len(s.From) != 1 || len(s.GroupBy) > 0 || len(s.Lock) != 1 || s.Lock[0].Wait != nil || len(s.Lock[0].Of) > 0 {
		return false
	}
	t, ok := s.From[0].(*ir.TableRef)
	if !ok || t.CTE != nil || t.Table == nil {
		return false
	}
	star := &ir.Star{}
	star.Type = types.Row{}
	star.Span = t.Span
	q := tree.Select([]*ir.SelectItem{tree.Item(star, "")}, []ir.TableExpr{t}, s.Where)
	q.Span, q.Lock = t.Span, s.Lock
	d := &ir.Derived{Query: q, Alias: ir.Ident{Text: tree.NameOf(t)}}
	d.Span = t.Span
	d.Made(p.Rule.Code)
	s.Where, s.Lock, s.From = nil, nil, []ir.TableExpr{d}
	return true
}

// firm names the tables whose rows cannot be missing.
func firm(list []ir.TableExpr) []ir.Ident {
	var out []ir.Ident
	for _, t := range list {
		switch t := t.(type) {
		case *ir.Join:
			if t.Kind != ir.RightJoin && t.Kind != ir.FullJoin {
				out = append(out, firm([]ir.TableExpr{t.L})...)
			}
			if t.Kind != ir.LeftJoin && t.Kind != ir.FullJoin {
				out = append(out, firm([]ir.TableExpr{t.R})...)
			}
		case *ir.TableRef:
			out = append(out, ir.Ident{Text: tree.NameOf(t)})
		}
	}
	return out
}
