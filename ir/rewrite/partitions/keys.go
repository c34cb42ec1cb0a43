package partitions

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
)

var lateKey = &diag.Code{
	ID: "DD0757", Title: "key that does not hold the columns of the partitions", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: "A unique key or index of a table that is divided on the target must hold all columns by which it is divided; the source has global indexes (PostgreSQL manual, 5.12.2.3 Limitations). The table " +
		"was made with its partitions before this key was known.",
	Next: "Declare the key in CREATE TABLE, or convert the script as a folder: the table is then made without partitions. Or add the columns to the key.", Each: 0.5,
}

// LateKeys is the rule for unique keys of divided tables that come behind the table.
var LateKeys = &rewrite.Rule{
	Code: "DD0756",
	Name: "partition-keys",
	Doc: "A primary key, unique key or unique index that is added to a table of partitions holds the columns by which the table is divided, or is refused: the target can not keep it " +
		"(PostgreSQL manual, 5.12.2.3 Limitations).",
	Examples: []rewrite.Example{{
		From:   dialect.Oracle,
		Setup:  "CREATE TABLE t (a NUMBER(5) NOT NULL, b NUMBER(5)) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10));",
		Source: "ALTER TABLE t ADD CONSTRAINT t_pk PRIMARY KEY (a, b)",
		Target: "ALTER TABLE t ADD CONSTRAINT t_pk PRIMARY KEY (a, b)",
	}},
	Fidelity: diag.Exact,
	Findings: []*diag.Code{lateKey},
	After:    map[string]string{"partitions": "it tells how a table is divided"},
	Looks:    ir.Kinds(ir.KindAlterTable, ir.KindCreateIndex),
	Run: func(p *rewrite.Pass) {
		for _, s := range p.Unit.Stmts {
			switch s := s.(type) {
			case *ir.CreateIndex:
				late(p, s.Table, s.Key)
			case *ir.AlterTable:
				for _, a := range s.Actions {
					if a.Kind == "add key" {
						late(p, s.Table, a.Key)
					}
				}
			}
		}
	},
}

func late(p *rewrite.Pass, t *ir.TableRef, k *ir.KeyDef) {
	if t == nil || k == nil || k.Kind != catalog.Primary && k.Kind != catalog.Unique {
		return
	}
	st := of(p, t.Table)
	if st == nil || st.lower == nil {
		return
	}
	for _, c := range st.lower.cols {
		name := c.Parts[len(c.Parts)-1].Text
		found := false
		for _, part := range k.Parts {
			found = found || strings.EqualFold(part.Column.Text, name)
		}
		if !found {
			rewrite.Refuse(p, lateKey, k.Span, "%s is divided by %s", t.Name, name)
			return
		}
	}
}
