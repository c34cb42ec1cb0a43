package postgres

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// expressible are the kinds of nodes that the target has in any form.
var expressible = ir.Kinds(
	ir.KindNull, ir.KindNumber, ir.KindString, ir.KindBytes, ir.KindBool, ir.KindTemporal, ir.KindName, ir.KindParam, ir.KindStar,
	ir.KindInserted, ir.KindCompare, ir.KindLike, ir.KindBetween, ir.KindIn, ir.KindExists, ir.KindQuantified, ir.KindIsNull,
	ir.KindIsTruth, ir.KindBoolValue, ir.KindCase, ir.KindConcat, ir.KindCollate, ir.KindRoutineCall, ir.KindHelperCall,
	ir.KindTargetCall, ir.KindTargetOp, ir.KindArrayExpr, ir.KindSubscript, ir.KindField, ir.KindSubquery, ir.KindRowExpr,
	ir.KindQueryStmt, ir.KindTruncate, ir.KindCallProc, ir.KindDo, ir.KindDeallocate, ir.KindUse, ir.KindRawStmt, ir.KindCommentStmt,
	ir.KindUnsupported, ir.KindCreateSchema, ir.KindCreatePartition, ir.KindCreateType, ir.KindMaterializedView, ir.KindCommentOn, ir.KindTransaction,
	ir.KindBlock, ir.KindIf, ir.KindCaseStmt, ir.KindLoop, ir.KindLeave, ir.KindIterate, ir.KindReturn, ir.KindReturnNext,
	ir.KindSelectInto, ir.KindOpenCursor, ir.KindFetchCursor, ir.KindCloseCursor, ir.KindNothing, ir.KindRaise, ir.KindPerform,
	ir.KindSetVar, ir.KindAlterTable, ir.KindExecute,
	ir.KindWith, ir.KindCTE, ir.KindSelectItem, ir.KindOrderItem, ir.KindWhen, ir.KindWindowDef, ir.KindFrame, ir.KindJSONColumn,
	ir.KindJSONDefault, ir.KindAssign, ir.KindConflict, ir.KindLockItem, ir.KindIdentity, ir.KindTargetRoutine, ir.KindParamDecl,
	ir.KindExceptArm, ir.KindBranch, ir.KindFieldDecl, ir.KindDiagItem, ir.KindForeignKeyDef, ir.KindPartition,
	ir.KindDerived, ir.KindTableFunc, ir.KindGroupingSet, ir.KindMergeUpdate, ir.KindMergeInsert, ir.KindFetch, ir.KindSample, ir.KindCycleClause, ir.KindNamedArg,
)

// Expressible tells whether the target has the node as it stands; why names what is in the way. It is what ir.Verify asks
// after the last rule, and with expressible the one list of what the printer can print: a node that is not in it is not expressible.
func (e *Emitter) Expressible(n ir.Node) (why string, ok bool) {
	if why := leftover(n); why != "" {
		return why, false
	}
	if expressible.Has(n.NodeKind()) {
		return "", true
	}
	if why := sourceOnly[n.NodeKind()]; why != "" {
		return why, false
	}
	switch n := n.(type) {
	case ir.Expr:
		why = e.expressibleExpr(n)
	case ir.Query:
		why = expressibleQuery(n)
	case ir.TableExpr:
		why = e.expressibleTable(n)
	case ir.Stmt:
		why = e.expressibleStmt(n)
	case ir.Decl:
		why = expressibleDecl(n)
	default:
		why = e.expressiblePart(n)
	}
	return why, why == ""
}

func (e *Emitter) expressibleExpr(x ir.Expr) string {
	switch x := x.(type) {
	case *ir.NextValue:
		return when(len(x.Set) > 0, "SETVAL")
	case *ir.Default:
		return when(x.Column != nil, "DEFAULT(column)")
	case *ir.Unary:
		return when(x.Op == ir.BitNot && x.Bits != 0, "the operator ~ on unsigned 64 bits")
	case *ir.Binary:
		return expressibleBinary(x)
	case *ir.Div:
		return when(x.Kind != ir.DivTarget, "a division by the source's rules")
	case *ir.Mod:
		return when(x.Zero != ir.ZeroError, "a remainder that is NULL for a zero divisor")
	case *ir.Regexp:
		return when(x.Flavor != "are", "a regular expression of the source")
	case *ir.Truth:
		return e.expressibleTruth(x)
	case *ir.Cast:
		if !x.Target {
			return "a cast with the source's meaning to " + typeName(x.To)
		}
		_, ok := e.TypeSQL(x.To)
		return when(!ok, "a cast to "+typeName(x.To))
	case *ir.Call:
		s, ok := functions[x.Op]
		return when(!ok || s.template(len(x.Args), x.Unit, x.Word) == "", "the function "+callName(x))
	case *ir.Aggregate:
		return expressibleAggregate(x)
	case *ir.UserVar:
		return "the user variable @" + x.Name
	case *ir.SysVar:
		return "the system variable @@" + x.Name
	case *ir.AssignExpr:
		return "an assignment inside an expression"
	case *ir.DateAdd:
		return "date arithmetic by the source's rules"
	case *ir.Now:
		return "the current time by the source's rules"
	case *ir.Match:
		return "MATCH ... AGAINST"
	case *ir.UnsupportedExpr:
		return "an expression that is not supported: " + x.Text
	}
	return "an unknown expression"
}

func when(bad bool, why string) string {
	if bad {
		return why
	}
	return ""
}

func callName(x *ir.Call) string {
	if x.Name != "" {
		return x.Name
	}
	return string(x.Op)
}

func expressibleBinary(x *ir.Binary) string {
	switch x.Op {
	case ir.Xor:
		return "XOR"
	case ir.BitAnd, ir.BitOr, ir.BitXor, ir.ShiftLeft, ir.ShiftRight:
		return when(x.Bits != 0, "a bit operator on unsigned 64 bits")
	}
	return ""
}

func (e *Emitter) expressibleTruth(x *ir.Truth) string {
	switch x.X.TypeOf().(type) {
	case types.Bool, types.Int, types.Decimal, types.Float, types.Year:
		return ""
	}
	_, ok := x.X.(*ir.BoolValue)
	return when(!ok, "a value that is no number as a condition")
}

func expressibleAggregate(x *ir.Aggregate) string {
	switch {
	case x.Separator != nil, x.Limit != nil:
		return "GROUP_CONCAT"
	case x.IgnoreNulls:
		return "IGNORE NULLS"
	case x.TargetName != "":
		return ""
	}
	s, ok := functions[x.Op]
	return when(!ok || s.Template == "" || strings.ContainsAny(s.Template, "($"), "the aggregate "+x.Name)
}

func expressibleQuery(q ir.Query) string {
	m := ir.Common(q)
	if m == nil {
		return "an unknown query"
	}
	if m.IntoFile != "" {
		return "SELECT INTO OUTFILE"
	}
	switch q := q.(type) {
	case *ir.Select:
		return when(q.LaxGroup, "columns that are neither grouped nor aggregated")
	case *ir.SetOp, *ir.Values:
		return ""
	}
	return "an unknown query"
}

func (e *Emitter) expressibleTable(t ir.TableExpr) string {
	switch t := t.(type) {
	case *ir.TableRef:
		switch {
		case len(t.Partitions) > 0:
			return "PARTITION (...) behind a table"
		case t.AsOf != "":
			return "FOR SYSTEM_TIME"
		}
		return ""
	case *ir.Join:
		outer := t.Kind != ir.InnerJoin && t.Kind != ir.CrossJoin
		return when(outer && t.On == nil && len(t.Using) == 0 && !t.Natural, "an outer join without a condition")
	case *ir.JSONTable:
		return when(e.opt.Version < 17, "JSON_TABLE before PostgreSQL 17")
	}
	return "an unknown item of FROM"
}

func (e *Emitter) expressibleStmt(s ir.Stmt) string {
	switch s := s.(type) {
	case *ir.Insert:
		switch {
		case s.Replace:
			return "REPLACE"
		case s.OnError != ir.RaiseErrors:
			return "INSERT IGNORE"
		}
		return when(len(s.OnDuplicate) > 0, "ON DUPLICATE KEY UPDATE")
	case *ir.Update:
		return expressibleUpdate(s)
	case *ir.Delete:
		return expressibleDelete(s)
	case *ir.Merge:
		_, table := s.Into.(*ir.TableRef)
		return when(!table, "MERGE into a query")
	case *ir.LockTable:
		return when(s.Wait != nil, "LOCK TABLE ... WAIT n")
	case *ir.RenameIndex, *ir.SetConstraints:
		return ""
	case *ir.SetTransaction:
		return when(s.Scope == "global", "SET GLOBAL TRANSACTION")
	case *ir.LockTables:
		return when(s.Unlock, "UNLOCK TABLES")
	case *ir.ReturnRows:
		return when(!s.Append && s.Cursor == "", "a result set of a routine")
	case *ir.GetDiagnostics:
		return when(s.Condition != nil, "GET DIAGNOSTICS CONDITION")
	case *ir.Routine:
		return when(s.Target == nil, "a routine that is not lowered")
	case *ir.CreateTrigger:
		return when(s.Target == nil && s.Body != nil, "a trigger that is not lowered")
	}
	return e.expressibleDefinition(s)
}

func expressibleUpdate(s *ir.Update) string {
	switch {
	case len(s.Tables) != 1:
		return "an UPDATE of several tables"
	case s.OnError != ir.RaiseErrors:
		return "UPDATE IGNORE"
	case s.Limit != nil || len(s.OrderBy) > 0:
		return "UPDATE with ORDER BY or LIMIT"
	case s.Order == ir.LeftToRight && len(s.Sets) > 1:
		return "an UPDATE whose assignments see one another"
	}
	_, plain := s.Tables[0].(*ir.TableRef)
	return when(!plain, "an UPDATE of a join")
}

func expressibleDelete(s *ir.Delete) string {
	switch {
	case len(s.From) != 1 || len(s.Targets) > 0:
		return "a DELETE from several tables"
	case s.OnError != ir.RaiseErrors:
		return "DELETE IGNORE"
	case s.Limit != nil || len(s.OrderBy) > 0:
		return "DELETE with ORDER BY or LIMIT"
	}
	_, plain := s.From[0].(*ir.TableRef)
	return when(!plain, "a DELETE from a join")
}

func (e *Emitter) expressibleDefinition(s ir.Stmt) string {
	switch s := s.(type) {
	case *ir.CreateTable:
		switch {
		case s.OrReplace:
			return "CREATE OR REPLACE TABLE"
		case s.Versioned:
			return "system versioning"
		case s.AsMode != "":
			return "CREATE TABLE ... " + upper(s.AsMode) + " SELECT"
		case s.As != nil && len(s.Columns) > 0:
			return "CREATE TABLE with columns and a query"
		}
		return when(s.Like != nil && len(s.Columns) > 0, "CREATE TABLE with columns and LIKE")
	case *ir.CreateIndex:
		return when(s.OrReplace || s.Key == nil, "CREATE OR REPLACE INDEX")
	case *ir.CreateView:
		return when(s.IfNotExists, "CREATE VIEW IF NOT EXISTS")
	case *ir.CreateSequence:
		return when(s.OrReplace, "CREATE OR REPLACE SEQUENCE")
	case *ir.Drop:
		return when(dropWords[strings.ToLower(s.Kind)] == "", "DROP "+upper(s.Kind))
	case *ir.SetNames:
		return "SET NAMES"
	case *ir.Prepare:
		return "PREPARE"
	case *ir.RenameTables:
		return "RENAME TABLE"
	case *ir.CreateEvent:
		return "CREATE EVENT"
	case *ir.Grant:
		return "GRANT or REVOKE"
	case *ir.Signal:
		return "SIGNAL"
	case *ir.Splice:
		return "a splice"
	}
	return "an unknown statement"
}

func expressibleDecl(d ir.Decl) string {
	switch d := d.(type) {
	case *ir.VarDecl:
		return when(d.TypeOf != nil && d.TypeSQL == "" || d.RowOf != nil && d.TypeSQL == "", "TYPE OF or ROW TYPE OF")
	case *ir.CursorDecl:
		return when(d.Prepared != "" && !d.Unbound, "a cursor for a prepared statement")
	case *ir.ConditionDecl:
		return "DECLARE ... CONDITION"
	case *ir.Handler:
		return "DECLARE ... HANDLER"
	}
	return "an unknown declaration"
}

// assignable tells that the target assigns x as it stands: a variable, an element of an array in one, or a field of such an element.
func assignable(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Name:
		return true
	case *ir.Subscript:
		return assignable(x.X)
	case *ir.Field:
		return assignable(x.X)
	}
	return false
}

func (e *Emitter) expressiblePart(n ir.Node) string {
	switch n := n.(type) {
	case *ir.Locking:
		return when(n.Wait != nil, "FOR UPDATE WAIT n")
	case *ir.FrameBound:
		return when(n.Unit != "", "a frame bound with a unit")
	case *ir.SetItem:
		return when(!assignable(n.Target) || n.Value == nil, "SET of something that is no variable of a routine")
	case *ir.ColumnDef:
		return e.expressibleColumn(n)
	case *ir.KeyDef:
		return when(n.Kind != catalog.Primary && n.Kind != catalog.Unique && n.Kind != catalog.Index || n.Invisible, "a full text, spatial or invisible index")
	case *ir.KeyPart:
		return when(n.Prefix > 0, "an index over a prefix")
	case *ir.CheckDef:
		return when(n.NotEnforced, "a check that is not enforced")
	case *ir.PartitionBy:
		return when(len(n.Parts) > 0 || n.SubKind != "" || n.Kind != "range" && n.Kind != "list" && n.Kind != "hash", "partitioning by "+n.Kind)
	case *ir.AlterAction:
		return when(!alterKinds[n.Kind], "the action "+n.Kind)
	case *ir.SignalItem:
		return "SIGNAL"
	}
	return "an unknown part"
}

// alterKinds are the actions of ALTER TABLE that the target has.
var alterKinds = map[string]bool{
	"add column": true, "drop column": true, "rename column": true, "alter default": true, "add key": true, "add foreign": true,
	"add check": true, "drop constraint": true, "set type": true, "set not null": true, "drop not null": true, "set identity": true,
	"drop identity": true, "restart identity": true, "rename": true, "rename constraint": true, "set schema": true,
}

func (e *Emitter) expressibleColumn(c *ir.ColumnDef) string {
	switch {
	case c.AutoIncrement:
		return "AUTO_INCREMENT"
	case c.OnUpdate != nil:
		return "ON UPDATE CURRENT_TIMESTAMP"
	case c.Invisible:
		return "an invisible column"
	case c.References != nil:
		return "REFERENCES at a column"
	}
	return when(c.Generated != nil && c.GenKind == catalog.Virtual && e.opt.Version < 18, "a virtual column before PostgreSQL 18")
}
