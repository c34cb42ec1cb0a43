package oracle

import "godwit/ir"

func (p *parser) query() ir.Query     { p.Fail("a query"); return nil }
func (p *parser) queryStmt() ir.Stmt  { return p.refuseRest(p.Pos, codeConstruct, "a query") }
func (p *parser) dml() ir.Stmt        { return p.refuseRest(p.Pos, codeConstruct, "a change of rows") }
