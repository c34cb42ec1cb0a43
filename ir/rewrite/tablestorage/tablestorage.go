// Package tablestorage holds the rule for clauses about how a table is stored, and for tables that take no changes.
package tablestorage

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/define"
)

const code = "DD0430"

var (
	plain = &diag.Code{
		ID: "DD0431", Title: "organization of a table left out", Severity: diag.Info, Fidelity: diag.Exact,
		Doc: "An index-organized or clustered table holds the same rows as any other; it is stored in the order of its primary key, or next to rows of other tables " +
			"(Oracle SQL Language Reference, CREATE TABLE, physical_properties). Queries without ORDER BY may return the rows in another order.",
		Next: "Nothing; CLUSTER orders a table by an index once.",
	}
	external = &diag.Code{
		ID: "DD0432", Title: "external table", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "An external table reads files of the source's server with a driver of its own (Oracle SQL Language Reference, CREATE TABLE, external_table_clause).",
		Next: "Load the files with COPY, or create a foreign table with file_fdw.", Learn: 1, Each: 1,
	}
	unknown = &diag.Code{
		ID: "DD0433", Title: "organization of a table that is not known", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The clause is none of INDEX, CLUSTER and EXTERNAL.",
		Next: "Leave the clause out if it concerns storage only.", Each: 0.25,
	}
)

// trigger is the name of the triggers that refuse changes.
const trigger = "_read_only"

// Rule lowers the organization of tables and READ ONLY.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "tablestorage",
		Doc: "Index-organized and clustered tables become plain tables. A table that is READ ONLY gets a trigger that refuses INSERT, UPDATE, DELETE and TRUNCATE, which ALTER TABLE ... READ WRITE takes away " +
			"(Oracle SQL Language Reference, CREATE TABLE and ALTER TABLE, READ ONLY). External tables are refused.",
		Examples: []rewrite.Example{
			{
				From: dialect.Oracle, Source: "CREATE TABLE t (a NUMBER PRIMARY KEY, b CLOB) ORGANIZATION INDEX INCLUDING a OVERFLOW;",
				Target: "CREATE TABLE t (\n  a numeric PRIMARY KEY,\n  b text\n);",
			},
			{
				From: dialect.Oracle, Setup: "CREATE TABLE t (a NUMBER);", Source: "ALTER TABLE t READ ONLY;",
				Target: "CREATE OR REPLACE TRIGGER _read_only BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON t FOR EACH STATEMENT EXECUTE FUNCTION godwit_oracle.read_only_table();",
			},
			{
				From: dialect.Oracle, Setup: "CREATE TABLE t (a NUMBER) READ ONLY;", Source: "ALTER TABLE t READ WRITE;",
				Target: "DROP TRIGGER IF EXISTS _read_only ON t;",
			},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{plain, external, unknown},
		Looks:    ir.Kinds(ir.KindCreateTable, ir.KindAlterTable),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	define.Tables(p, func(s *define.Site) {
		switch t := s.Stmt.(type) {
		case *ir.CreateTable:
			create(p, s, t)
		case *ir.AlterTable:
			alter(p, s, t)
		}
	})
	p.Statements(func(n ir.Node) ir.Node {
		if a, ok := n.(*ir.AlterTable); ok && len(a.Actions) == 0 {
			return &ir.Splice{}
		}
		return n
	})
}

func create(p *rewrite.Pass, s *define.Site, t *ir.CreateTable) {
	switch t.Organization {
	case "":
	case "index", "cluster":
		p.Report(plain, t.Span, "table %s", t.Name)
		t.Organization, t.Soup = "", ""
	case "external":
		rewrite.Refuse(p, external, t.Span, "table %s", t.Name)
		return
	default:
		rewrite.Refuse(p, unknown, t.Span, "table %s, ORGANIZATION %s", t.Name, t.Organization)
		return
	}
	if t.ReadOnly {
		t.ReadOnly = false
		s.Behind(refusing(p, s))
	}
}

func alter(p *rewrite.Pass, s *define.Site, t *ir.AlterTable) {
	kept := t.Actions[:0:0]
	for _, a := range t.Actions {
		switch a.Kind {
		case "read only":
			s.Behind(refusing(p, s))
		case "read write":
			s.Behind(&ir.Drop{Kind: "trigger", IfExists: true, Names: []ir.QName{ir.Qualified("", trigger)}, On: s.Ref()})
		default:
			kept = append(kept, a)
		}
	}
	t.Actions = kept
}

// refusing is the trigger that refuses changes of the table.
func refusing(p *rewrite.Pass, s *define.Site) *ir.CreateTrigger {
	p.Unit.NeedHelper("read_only_table")
	return &ir.CreateTrigger{
		Name: ir.Qualified("", trigger), TargetName: trigger, OrReplace: true, Timing: "before", Events: []string{"insert", "update", "delete", "truncate"},
		Table: s.Ref(), Function: ir.Qualified(p.HelperSchema(), "read_only_table"),
	}
}
