// Package ddlcommit makes the commit explicit that a definition implies on the source.
package ddlcommit

import (
	"slices"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
)

// Rule commits an open transaction before a definition.
var Rule = &rewrite.Rule{
	Code: "DD0340",
	Name: "ddlcommit",
	Doc: "Definitions, and statements such as LOCK TABLES, commit the transaction that is open; on the target they are part of it and a ROLLBACK would undo them together with the rows before. " +
		"Where the script opened a transaction before, a COMMIT is put in front (MySQL Reference Manual, Statements That Cause an Implicit Commit).",
	Examples: []rewrite.Example{{
		Source: "START TRANSACTION; CREATE TABLE t (a INT)",
		Target: "BEGIN; COMMIT; CREATE TABLE t (\n  a integer\n)",
	}},
	Fidelity: diag.Exact,
	After:    map[string]string{"transactions": "it begins transactions that the script leaves implicit"},
	Needed: func(p *rewrite.Pass) bool {
		return p.Session == nil || p.Session.State[open] == true || p.May(ir.KindTransaction)
	},
	Run: run,
}

// open is the session's key: a transaction that the script started is open.
const open = "ddlcommit:open"

func run(p *rewrite.Pass) {
	if p.Session == nil || p.Unit.Executed {
		return
	}
	for i, s := range p.Unit.Stmts {
		isOpen, _ := p.Session.State[open].(bool)
		if t, ok := s.(*ir.Transaction); ok {
			switch t.Kind {
			case ir.BeginTransaction:
				p.Session.State[open] = true
			case ir.CommitTransaction, ir.RollbackTransaction:
				p.Session.State[open] = t.Chain
				continue
			default:
				continue
			}
		}
		if !isOpen || !Commits(s) || slices.ContainsFunc(p.Unit.Stmts[:i], chained) {
			continue
		}
		c := &ir.Transaction{Kind: ir.CommitTransaction}
		c.Span = s.Base().Span
		c.Made(p.Rule.Code)
		if _, again := s.(*ir.Transaction); !again {
			p.Session.State[open] = false
		}
		p.Unit.Stmts = append(p.Unit.Stmts[:i:i], append([]ir.Stmt{c}, p.Unit.Stmts[i:]...)...)
		return
	}
}

// chained tells that the statement has committed already, and begun a transaction.
func chained(s ir.Stmt) bool {
	t, ok := s.(*ir.Transaction)
	return ok && t.Kind == ir.CommitTransaction && t.Chain
}

// Commits tells whether the source commits before the statement.
func Commits(s ir.Stmt) bool {
	switch s := s.(type) {
	case *ir.CreateTable:
		return !s.Temporary
	case *ir.Drop:
		return !s.Temporary
	case *ir.CreateSchema, *ir.CreateType, *ir.AlterTable, *ir.CreateIndex, *ir.CreateView, *ir.CreateSequence, *ir.RenameTables, *ir.Truncate,
		*ir.Routine, *ir.CreateTrigger, *ir.CreateEvent, *ir.Grant, *ir.LockTables, *ir.Transaction:
		return true
	}
	return false
}
