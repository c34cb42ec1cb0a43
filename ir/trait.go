package ir

import (
	"strings"

	"godwit/ir/catalog"
	"godwit/ir/op"
	"godwit/ir/types"
)

// Traits are properties of nodes. They stand in a NodeKinds beside the kinds, for rules that look for few of the nodes of a common
// kind: every statement has tables, few tables have hints. A type of nodes has the traits that its method traits adds.
const (
	HasHints       NodeKind = nodeKinds + iota // a SELECT, table, join or change of data with hints or modifiers
	HasPartitions                              // a table of which partitions are named
	HasSystemTable                             // a table of information_schema, a view of the data dictionary
	HasGroups                                  // a SELECT with GROUP BY, HAVING or DISTINCT
	HasHaving                                  // a SELECT with HAVING
	HasLimit                                   // a query with LIMIT
	HasLock                                    // a query with FOR UPDATE or the like
	HasInto                                    // a query with INTO
	HasTableQuery                              // CREATE TABLE with a query
	HasLike                                    // CREATE TABLE ... LIKE
	HasComment                                 // a table or column with a comment
	HasReferences                              // a column with REFERENCES
	HasOnUpdate                                // a column with ON UPDATE
	HasGenerated                               // a generated column
	HasKeyExpr                                 // a key over an expression
	HasDocument                                // a value of type JSON
	HasFloat                                   // a number in binary floating point
	HasArithmetic                              // +, - or * of two values, or the negation of one
	HasLogic                                   // NOT or XOR
	HasBits                                    // an operator on bits
	HasMomentCast                              // a conversion to a date or a moment
	HasLabel                                   // a block with a label
	HasOtherString                             // a literal whose type is not that of its kind: text as bytes, or bytes as text
	// Calls by the family of their operation, which stands before the point of its name.
	CallsText
	CallsCode
	CallsNumber
	CallsTime
	CallsFlow
	CallsInfo
	CallsJSON
	CallsSpatial
	CallsOther // of no family, or not known

	lastTrait
)

// callTrait is the trait of a call of the operation.
func callTrait(o op.Op) NodeKind {
	family, _, _ := strings.Cut(string(o), ".")
	switch family {
	case "text":
		return CallsText
	case "code":
		return CallsCode
	case "num":
		return CallsNumber
	case "time":
		return CallsTime
	case "flow":
		return CallsFlow
	case "info":
		return CallsInfo
	case "json":
		return CallsJSON
	case "spatial":
		return CallsSpatial
	}
	return CallsOther
}

func (s *NodeKinds) addIf(k NodeKind, has bool) {
	if has {
		s.Add(k)
	}
}

func (m *ExprMeta) traits(s *NodeKinds) {
	switch m.Type.(type) {
	case types.JSON:
		s.Add(HasDocument)
	case types.Float:
		s.Add(HasFloat)
	}
}

func (m *QueryMeta) traits(s *NodeKinds) {
	s.addIf(HasLimit, m.Limit != nil)
	s.addIf(HasLock, len(m.Lock) > 0)
	s.addIf(HasInto, len(m.Into) > 0)
}

func (n *Select) traits(s *NodeKinds) {
	n.QueryMeta.traits(s)
	s.addIf(HasHints, len(n.Hints) > 0)
	s.addIf(HasGroups, len(n.GroupBy) > 0 || n.Having != nil || n.Distinct)
	s.addIf(HasHaving, n.Having != nil)
}

func (n *TableRef) traits(s *NodeKinds) {
	s.addIf(HasHints, len(n.Hints) > 0)
	s.addIf(HasPartitions, len(n.Partitions)+len(n.PartitionFor) > 0)
	s.addIf(HasSystemTable, n.Table != nil && (strings.EqualFold(n.Table.Schema, "information_schema") || n.Table.Dictionary))
}

func (n *Name) traits(s *NodeKinds) {
	n.ExprMeta.traits(s)
	if f, ok := n.Ref.(*FieldRef); ok {
		s.addIf(HasSystemTable, OfDictionary(f.Of) != nil)
	}
}

func (n *Field) traits(s *NodeKinds) {
	n.ExprMeta.traits(s)
	s.addIf(HasSystemTable, OfDictionary(n.X) != nil)
}

// OfDictionary is the view of the data dictionary whose row a value is, nil if it is none.
func OfDictionary(e Expr) *catalog.Table {
	if e == nil {
		return nil
	}
	r, ok := e.TypeOf().(types.Record)
	if !ok || r.RecordDecl == nil {
		return nil
	}
	if t, ok := r.Of.(*catalog.Table); ok && t != nil && t.Dictionary {
		return t
	}
	return nil
}

func (n *Join) traits(s *NodeKinds)   { s.addIf(HasHints, n.Straight) }
func (n *Insert) traits(s *NodeKinds) { s.addIf(HasHints, len(n.Modifiers) > 0) }
func (n *Update) traits(s *NodeKinds) { s.addIf(HasHints, len(n.Modifiers) > 0) }
func (n *Delete) traits(s *NodeKinds) { s.addIf(HasHints, len(n.Modifiers) > 0) }

func (n *CreateTable) traits(s *NodeKinds) {
	s.addIf(HasTableQuery, n.As != nil)
	s.addIf(HasLike, n.Like != nil)
	s.addIf(HasComment, n.Comment != "")
}

func (n *ColumnDef) traits(s *NodeKinds) {
	s.addIf(HasComment, n.Comment != "")
	s.addIf(HasReferences, n.References != nil)
	s.addIf(HasOnUpdate, n.OnUpdate != nil)
	s.addIf(HasGenerated, n.Generated != nil)
}

func (n *Block) traits(s *NodeKinds) { s.addIf(HasLabel, n.Label != "") }

func (n *KeyPart) traits(s *NodeKinds) { s.addIf(HasKeyExpr, n.Expr != nil) }

func (n *Number) traits(s *NodeKinds) {
	n.ExprMeta.traits(s)
	s.addIf(HasFloat, n.Kind == FloatNumber)
}

func (n *String) traits(s *NodeKinds) {
	n.ExprMeta.traits(s)
	_, bytes := n.Type.(types.Binary)
	s.addIf(HasOtherString, bytes)
}

func (n *Bytes) traits(s *NodeKinds) {
	n.ExprMeta.traits(s)
	_, text := n.Type.(types.Text)
	s.addIf(HasOtherString, text)
}

func (n *Unary) traits(s *NodeKinds) {
	n.ExprMeta.traits(s)
	s.addIf(HasArithmetic, n.Op == Neg)
	s.addIf(HasLogic, n.Op == Not)
	s.addIf(HasBits, n.Op == BitNot)
}

func (n *Binary) traits(s *NodeKinds) {
	n.ExprMeta.traits(s)
	switch n.Op {
	case Add, Sub, Mul:
		s.Add(HasArithmetic)
	case Xor:
		s.Add(HasLogic)
	case And, Or:
	default:
		s.Add(HasBits)
	}
}

func (n *Cast) traits(s *NodeKinds) {
	n.ExprMeta.traits(s)
	switch n.To.(type) {
	case types.Date, types.DateTime, types.Timestamp:
		s.Add(HasMomentCast)
	}
}

func (n *Call) traits(s *NodeKinds) {
	n.ExprMeta.traits(s)
	s.Add(callTrait(n.Op))
}
