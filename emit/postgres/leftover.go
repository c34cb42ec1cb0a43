package postgres

import "godwit/ir"

// sourceOnly are the kinds of nodes that rules replace, by what they are.
var sourceOnly = map[ir.NodeKind]string{
	ir.KindAtZone:           "AT TIME ZONE by the source's rules",
	ir.KindCatch:            "an exception handler",
	ir.KindCollectionCall:   "a method of a collection",
	ir.KindCollectionTable:  "TABLE(collection)",
	ir.KindCollectionTest:   "a test of a collection",
	ir.KindConnectBy:        "CONNECT BY",
	ir.KindConstruct:        "a constructor",
	ir.KindCursorAttr:       "an attribute of a cursor",
	ir.KindCursorExpr:       "CURSOR(query)",
	ir.KindElement:          "an element of a collection",
	ir.KindExceptionDecl:    "an exception",
	ir.KindForall:           "FORALL",
	ir.KindAlterTrigger:     "ALTER TRIGGER",
	ir.KindAlterType:        "ALTER TYPE",
	ir.KindGoto:             "GOTO",
	ir.KindInsertBranch:     "INSERT ALL",
	ir.KindIntervalLit:      "an interval by the source's rules",
	ir.KindInvocation:       "a call",
	ir.KindInvoke:           "a call of something unknown",
	ir.KindIsOf:             "IS OF",
	ir.KindJSONExpr:         "a JSON function",
	ir.KindKeep:             "KEEP",
	ir.KindLabelStmt:        "a label",
	ir.KindLogErrors:        "LOG ERRORS",
	ir.KindMethod:           "a method",
	ir.KindMultiInsert:      "INSERT into several tables",
	ir.KindMultiset:         "MULTISET",
	ir.KindMultisetOp:       "an operator on collections",
	ir.KindObjectType:       "an object type",
	ir.KindOuterMark:        "the operator (+)",
	ir.KindOverflow:         "ON OVERFLOW",
	ir.KindPackage:          "a package",
	ir.KindPipeRow:          "PIPE ROW",
	ir.KindPivot:            "PIVOT",
	ir.KindPragma:           "a pragma",
	ir.KindPrior:            "PRIOR",
	ir.KindPseudo:           "a pseudocolumn",
	ir.KindRaiseNamed:       "RAISE",
	ir.KindRootOf:           "CONNECT_BY_ROOT",
	ir.KindRoutineDecl:      "a routine in a routine",
	ir.KindSearchClause:     "SEARCH",
	ir.KindSynonym:          "a synonym",
	ir.KindTreat:            "TREAT",
	ir.KindTriggerEvent:     "INSERTING, UPDATING or DELETING",
	ir.KindTriggerSection:   "a compound trigger",
	ir.KindTypeBody:         "an object type",
	ir.KindTypeDecl:         "a type of a routine",
	ir.KindUnpivot:          "UNPIVOT",
	ir.KindUnpivotItem:      "UNPIVOT",
	ir.KindUnsupportedTable: "a table expression that is not supported",
	ir.KindXMLColumn:        "XMLTABLE",
	ir.KindXMLExpr:          "an XML function",
	ir.KindXMLTable:         "XMLTABLE",
}

// withClauses are the kinds of nodes that the target has without some of the clauses that a source may give them.
var withClauses = ir.Kinds(
	ir.KindAggregate, ir.KindWith, ir.KindCTE, ir.KindSelect, ir.KindSetOp, ir.KindValues, ir.KindTableRef, ir.KindJoin,
	ir.KindInsert, ir.KindUpdate, ir.KindDelete, ir.KindBlock, ir.KindLoop, ir.KindOpenCursor, ir.KindFetchCursor,
	ir.KindCloseCursor, ir.KindCreateTable, ir.KindColumnDef, ir.KindKeyDef, ir.KindForeignKeyDef, ir.KindCheckDef,
	ir.KindCreateView, ir.KindMaterializedView, ir.KindCreateTrigger, ir.KindExecute, ir.KindRoutine, ir.KindCursorDecl,
)

// leftover is the node, or a clause of it, that the target does not have and that no rule has replaced, "" if there is none.
func leftover(n ir.Node) string {
	if !withClauses.Has(n.NodeKind()) {
		return ""
	}
	switch n := n.(type) {
	case *ir.Aggregate:
		return first(clause{n.Keep != nil, "KEEP (DENSE_RANK ...)"}, clause{n.Overflow != nil, "ON OVERFLOW"}, clause{n.FromLast, "FROM LAST"}, clause{n.IgnoreNulls, "IGNORE NULLS"})
	case *ir.With:
		return when(len(n.Functions) > 0, "WITH FUNCTION")
	case *ir.Select:
		return first(clause{n.Connect != nil, "CONNECT BY"}, clause{n.Siblings, "ORDER SIBLINGS BY"}, queryClause(&n.QueryMeta))
	case *ir.SetOp:
		return first(queryClause(&n.QueryMeta))
	case *ir.Values:
		return first(queryClause(&n.QueryMeta))
	case ir.TableExpr:
		return leftoverTable(n)
	case *ir.Insert, *ir.Update, *ir.Delete:
		return leftoverChange(n)
	case *ir.Routine, *ir.Block, *ir.Loop, *ir.OpenCursor, *ir.FetchCursor, *ir.CloseCursor, *ir.Execute, *ir.CursorDecl:
		return leftoverProcedural(n)
	}
	return leftoverDefinition(n)
}

// clause is a clause that may be there.
type clause struct {
	there bool
	name  string
}

// first names the first clause that is there, "" if none is.
func first(list ...clause) string {
	for _, c := range list {
		if c.there {
			return c.name
		}
	}
	return ""
}

func queryClause(q *ir.QueryMeta) clause {
	return clause{q.Fetch != nil && q.Fetch.Percent || q.Bulk, "FETCH ... PERCENT or BULK COLLECT"}
}

func leftoverTable(n ir.TableExpr) string {
	switch n := n.(type) {
	case *ir.TableRef:
		return first(clause{n.Link.Text != "", "a table of another database"}, clause{n.Only, "ONLY"}, clause{n.Flashback != "", "a flashback query"}, clause{len(n.PartitionFor) > 0 || n.Subpartitions, "a partition by its values"})
	case *ir.Join:
		return first(clause{n.Kind == ir.CrossApply || n.Kind == ir.OuterApply, "APPLY"}, clause{len(n.PartitionL)+len(n.PartitionR) > 0, "a partitioned outer join"})
	}
	return ""
}

func leftoverChange(n ir.Node) string {
	switch n := n.(type) {
	case *ir.Insert:
		return first(clause{n.Bulk, "RETURNING BULK COLLECT"}, clause{n.Record != nil, "INSERT of a record"}, clause{n.LogErrors != nil, "LOG ERRORS"})
	case *ir.Update:
		return first(clause{n.Bulk, "RETURNING BULK COLLECT"}, clause{n.SetRow != nil, "SET ROW"}, clause{n.LogErrors != nil, "LOG ERRORS"})
	case *ir.Delete:
		return first(clause{n.Bulk, "RETURNING BULK COLLECT"}, clause{n.LogErrors != nil, "LOG ERRORS"})
	}
	return ""
}

func leftoverProcedural(n ir.Node) string {
	switch n := n.(type) {
	case *ir.Routine:
		return first(clause{n.Pipelined, "a pipelined function"}, clause{n.Autonomous, "an autonomous transaction"}, clause{n.External != "", "a routine in another language"},
			clause{len(n.Using.Parts) > 0, "a routine that a type implements"})
	case *ir.Block:
		return when(len(n.Catches) > 0, "an exception handler that keeps the work of its block")
	case *ir.Loop:
		return first(clause{n.Cursor != nil, "a loop over a cursor"}, clause{n.Step != nil && !stepped(n), "a loop with a step that is no positive whole number"})
	case *ir.OpenCursor:
		return when(n.X != nil, "OPEN of a cursor that is no variable")
	case *ir.FetchCursor:
		return first(clause{n.X != nil, "FETCH of a cursor that is no variable"}, clause{n.Bulk || n.Limit != nil, "FETCH ... BULK COLLECT"})
	case *ir.CloseCursor:
		return when(n.X != nil, "CLOSE of a cursor that is no variable")
	case *ir.Execute:
		return first(clause{len(n.Returning) > 0 || len(n.Modes) > 0, "dynamic SQL that gives values back"}, clause{n.Bulk, "dynamic SQL into collections"})
	}
	return ""
}

func leftoverDefinition(n ir.Node) string {
	state := func(s ir.ConstraintState) clause {
		return clause{s != ir.ConstraintState{}, "the state of a constraint"}
	}
	switch n := n.(type) {
	case *ir.CreateTable:
		return first(clause{n.TempKind != "", "a temporary table that all sessions have"}, clause{n.Organization != "" || n.Soup != "", "the organization of a table"},
			clause{len(n.OfType.Parts) > 0, "a table of objects"}, clause{n.ReadOnly, "a read-only table"})
	case *ir.ColumnDef:
		return first(clause{n.DefaultOnNull, "DEFAULT ON NULL"}, clause{n.Counter != nil, "an identity column by the source's rules"}, state(n.NullState), state(n.KeyState))
	case *ir.KeyDef:
		return first(clause{n.Flavor != "" || n.Soup != "", "an index of the kind " + n.Flavor}, clause{n.Local, "LOCAL"}, clause{n.Unusable, "UNUSABLE"}, state(n.State))
	case *ir.ForeignKeyDef:
		return first(state(n.State))
	case *ir.CheckDef:
		return first(state(n.State))
	case *ir.CreateView:
		return first(clause{n.ReadOnly, "WITH READ ONLY"}, clause{len(n.OfType.Parts) > 0, "a view of objects"})
	case *ir.MaterializedView:
		return first(clause{n.OnCommit || n.Refresh != "" || n.Schedule != "" || n.Prebuilt, "how a materialized view is refreshed"})
	case *ir.CreateTrigger:
		return first(clause{len(n.Sections) > 0, "a compound trigger"}, clause{n.On != "", "a trigger on a schema or database"}, clause{n.Disabled, "a disabled trigger"},
			clause{n.OldName != "" || n.NewName != "", "names of the old and new row"})
	}
	return ""
}
