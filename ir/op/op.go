// Package op names the canonical built-in operations: functions whose meaning is fixed here, whatever a dialect calls them.
//
// A front end maps the names of its dialect to operations; ir/resolve reads the Info of an operation to type a call and to
// make its conversions explicit; the target's table spells it, or a rule rewrites it, or it is refused.
package op

import (
	"strings"

	"godwit/ir/types"
)

// Op is a canonical operation such as "text.lower". The empty Op is a function that is not known.
type Op string

// ArgClass says to what an argument is converted before the operation sees it.
type ArgClass int

// Classes of arguments. Each names what a conversion is inserted for; values of the class itself stay as they are.
const (
	AnyArg       ArgClass = iota // no conversion: the operation is defined on every type, or has its own rule
	TextArg                      // numbers and temporals become text in the source's format; binary stays binary
	NumberArg                    // text becomes Float by its leading digits; temporals become numbers (20240229); integers, decimals stay
	FloatArg                     // every number becomes Float 64; text by its leading digits
	IntArg                       // rounded half away to a 64-bit integer; text by its leading digits
	DateTimeArg                  // text and numbers become DateTime (NULL when impossible), a Time gets the current date; a Date stays
	DateArg                      // as DateTimeArg, but the time of day does not matter
	TimeArg                      // text and numbers become Time (NULL when impossible); a DateTime gives its time of day
	BoolArg                      // a predicate
	BytesArg                     // text gives its bytes in its charset; numbers and temporals become text first
	JSONArg                      // a JSON document: text is parsed (an error when it is not JSON)
	JSONValueArg                 // a value put into a JSON document: numbers stay numbers, text becomes a JSON string, JSON stays
	CommonArg                    // all arguments of this class are converted to their common type (Common)
)

// NullRule says what NULL arguments do.
type NullRule int

// Rules for NULL arguments.
const (
	NullStrict NullRule = iota // NULL when any argument is NULL; it may be NULL for other reasons too (see Doc)
	NullNever                  // never NULL
	NullOwn                    // the operation's own rule (see Doc)
)

// Volatility says when two calls with equal arguments give equal results.
type Volatility int

// Volatilities.
const (
	Immutable Volatility = iota // always
	Stable                      // within a statement
	Volatile                    // not even there, or the call has effects
)

// Kind separates functions from aggregates and window functions.
type Kind int

// Kinds of operations.
const (
	Function Kind = iota
	AggregateFunction
	WindowFunction
)

// Const is what is known of an argument's value: Known tells that it is the integer literal Int.
type Const struct {
	Known bool
	Int   int64
}

// Call is what a result type depends on.
type Call struct {
	Types  []types.Type
	Consts []Const // may be shorter than Types
	Unit   string  // time unit, "" if none
	Word   string  // keyword argument, "" if none
}

func (c Call) arg(i int) types.Type {
	if i < len(c.Types) && c.Types[i] != nil {
		return c.Types[i]
	}
	return types.Unknown{Why: "argument missing"}
}

func (c Call) lit(i int) (int64, bool) {
	if i < len(c.Consts) && c.Consts[i].Known {
		return c.Consts[i].Int, true
	}
	return 0, false
}

// Info describes an operation.
type Info struct {
	Op  Op
	Doc string // exact semantics
	Ref string // section of the manual
	// Min and Max bound the number of arguments; Max -1 is any number.
	Min, Max int
	// Args are the classes of the arguments; the last one stands for all that follow. See Arg.
	Args       []ArgClass
	Nulls      NullRule
	Volatility Volatility
	CanRaise   bool // may end with an error on some values
	Kind       Kind
	result     func(Call) types.Type
}

// Arg is the class of the argument with the index i, from 0.
func (i *Info) Arg(n int) ArgClass {
	switch {
	case len(i.Args) == 0:
		return AnyArg
	case n < len(i.Args):
		return i.Args[n]
	}
	return i.Args[len(i.Args)-1]
}

// Result is the type of a call with arguments of these types.
func (i *Info) Result(args []types.Type) types.Type { return i.ResultOf(Call{Types: args}) }

// ResultOf is the type of a call, of which more than the argument types may be known.
func (i *Info) ResultOf(c Call) types.Type {
	if i.result == nil {
		return types.Unknown{Why: "the result type of " + string(i.Op) + " is not known"}
	}
	if t := i.result(c); t != nil {
		return t
	}
	return types.Unknown{Why: "the arguments of " + string(i.Op) + " have no known type"}
}

// Lookup finds the description of an operation, nil if there is none.
func Lookup(o Op) *Info {
	if i := table[o]; i != nil {
		return i
	}
	if strings.HasPrefix(string(o), spatialPrefix) {
		return &Info{Op: o, Doc: "A spatial function; not converted.", Ref: "Spatial Analysis Functions", Max: -1, Nulls: NullOwn, CanRaise: true}
	}
	return nil
}

// All lists the operations in no particular order.
func All() []*Info {
	out := make([]*Info, 0, len(table))
	for _, i := range table {
		out = append(out, i)
	}
	return out
}

const spatialPrefix = "spatial."

// Spatial is the operation of a spatial function, named in lower case. None of them is converted.
func Spatial(name string) Op { return Op(spatialPrefix + strings.ToLower(name)) }

// IsSpatial tells the operations of spatial functions.
func IsSpatial(o Op) bool { return strings.HasPrefix(string(o), spatialPrefix) }

// IsJSON tells the operations on JSON documents.
func IsJSON(o Op) bool { return strings.HasPrefix(string(o), "json.") }

var table = makeTable()

func makeTable() map[Op]*Info {
	t := map[Op]*Info{}
	add := func(ref string, list []Info) {
		for i := range list {
			e := &list[i]
			if e.Ref == "" {
				e.Ref = ref
			}
			t[e.Op] = e
		}
	}
	add("String Functions and Operators", textOps())
	add("Mathematical Functions", numberOps())
	add("Date and Time Functions", timeOps())
	add("Flow Control and Comparison Functions", flowOps())
	add("JSON Functions", jsonOps())
	add("Encryption, Compression and Miscellaneous Functions", codeOps())
	add("Information and Locking Functions", infoOps())
	add("Aggregate Function Descriptions", aggregateOps())
	add("Window Function Descriptions", windowOps())
	add("SQL Language Reference, Functions", oracleOps())
	return t
}
