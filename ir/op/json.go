package op

// Operations on JSON documents. The Word of a call is "text" where documents are texts that keep their form (MariaDB).
const (
	JSONArray        Op = "json.array"
	JSONObject       Op = "json.object"
	JSONQuote        Op = "json.quote"
	JSONUnquote      Op = "json.unquote"
	JSONContains     Op = "json.contains"
	JSONContainsPath Op = "json.contains_path"
	JSONExtract      Op = "json.extract"
	JSONExtractText  Op = "json.extract_text"
	JSONKeys         Op = "json.keys"
	JSONOverlaps     Op = "json.overlaps"
	JSONSearch       Op = "json.search"
	JSONValue        Op = "json.value"
	JSONQuery        Op = "json.query"
	JSONExists       Op = "json.exists"
	JSONArrayAppend  Op = "json.array_append"
	JSONArrayInsert  Op = "json.array_insert"
	JSONInsert       Op = "json.insert"
	JSONReplace      Op = "json.replace"
	JSONSet          Op = "json.set"
	JSONRemove       Op = "json.remove"
	JSONMergePatch   Op = "json.merge_patch"
	JSONMerge        Op = "json.merge_preserve"
	JSONDepth        Op = "json.depth"
	JSONLength       Op = "json.length"
	JSONType         Op = "json.type"
	JSONValid        Op = "json.valid"
	JSONPretty       Op = "json.pretty"
	JSONCompact      Op = "json.compact"
	JSONLoose        Op = "json.loose"
	JSONNormalize    Op = "json.normalize"
	JSONEquals       Op = "json.equals"
	JSONMemberOf     Op = "json.member_of"
	JSONSchemaValid  Op = "json.schema_valid"
	JSONStorageSize  Op = "json.storage_size"
	JSONStorageFree  Op = "json.storage_free"
	JSONScalar       Op = "json.scalar"
)

func jsonOps() []Info {
	j, v, t, a := JSONArg, JSONValueArg, TextArg, AnyArg
	in, doc := fixed(intResult), jsonResult
	return []Info{
		{Op: JSONArray, Max: -1, Args: []ArgClass{v}, Nulls: NullNever, result: doc, Doc: "An array of the values; NULL becomes JSON null."},
		{Op: JSONObject, Max: -1, Args: []ArgClass{a}, Nulls: NullNever, CanRaise: true, result: doc, Doc: "An object of alternating keys (text, not NULL) and values; the last of equal keys wins (MySQL)."},
		{Op: JSONQuote, Min: 1, Max: 1, Args: []ArgClass{t}, result: textLike(0), Doc: "The text as a JSON string literal."},
		{Op: JSONUnquote, Min: 1, Max: 1, Args: []ArgClass{a}, CanRaise: true, result: textLike(0), Doc: "The text of a JSON string; other documents and texts that do not start with a quote as they are."},
		{Op: JSONContains, Min: 2, Max: 3, Args: []ArgClass{j, j, t}, CanRaise: true, result: in, Doc: "1 when the second document is contained in the first (at a path); NULL when the path is not there."},
		{Op: JSONContainsPath, Min: 3, Max: -1, Args: []ArgClass{j, t}, CanRaise: true, result: in, Doc: "1 when one or all of the paths exist."},
		{Op: JSONExtract, Min: 2, Max: -1, Args: []ArgClass{j, t}, CanRaise: true, result: jsonLike, Doc: "The value at a path; an array of all values for several paths or a path with wildcards; NULL when there is none. Also ->."},
		{Op: JSONScalar, Min: 1, Max: 1, Args: []ArgClass{JSONValueArg}, result: jsonResult, Doc: "The value as a document, as when it is compared with one: text as a JSON string, a number as a number. Made by ir/resolve."},
		{Op: JSONExtractText, Min: 2, Max: 2, Args: []ArgClass{j, t}, CanRaise: true, result: fixed(asciiResult), Doc: "json.unquote of json.extract (->>)."},
		{Op: JSONKeys, Min: 1, Max: 2, Args: []ArgClass{j, t}, CanRaise: true, result: jsonLike, Doc: "The keys of an object as an array; NULL for what is no object."},
		{Op: JSONOverlaps, Min: 2, Max: 2, Args: []ArgClass{j}, CanRaise: true, result: in, Doc: "1 when two documents have a member, element or value in common."},
		{Op: JSONSearch, Min: 3, Max: -1, Args: []ArgClass{j, t}, CanRaise: true, result: doc, Doc: "The path(s) of strings LIKE a pattern."},
		{Op: JSONValue, Min: 2, Max: 2, Args: []ArgClass{j, t}, result: fixed(asciiResult), Doc: "The scalar at a path as text; NULL when there is none or it is no scalar."},
		{Op: JSONQuery, Min: 2, Max: 2, Args: []ArgClass{j, t}, result: jsonLike, Doc: "The object or array at a path; NULL for scalars (MariaDB)."},
		{Op: JSONExists, Min: 2, Max: 2, Args: []ArgClass{j, t}, result: in, Doc: "1 when the path exists (MariaDB)."},
		{Op: JSONArrayAppend, Min: 3, Max: -1, Args: []ArgClass{j, t, v}, Nulls: NullOwn, CanRaise: true, result: jsonLike, Doc: "Values appended to the arrays at paths; a scalar becomes an array first. Arguments behind the first alternate path, value."},
		{Op: JSONArrayInsert, Min: 3, Max: -1, Args: []ArgClass{j, t, v}, Nulls: NullOwn, CanRaise: true, result: jsonLike, Doc: "Values inserted before the elements at paths. Arguments behind the first alternate path, value."},
		{Op: JSONInsert, Min: 3, Max: -1, Args: []ArgClass{j, t, v}, Nulls: NullOwn, CanRaise: true, result: jsonLike, Doc: "Values put at paths that do not exist yet. Arguments behind the first alternate path, value."},
		{Op: JSONReplace, Min: 3, Max: -1, Args: []ArgClass{j, t, v}, Nulls: NullOwn, CanRaise: true, result: jsonLike, Doc: "Values put at paths that exist. Arguments behind the first alternate path, value."},
		{Op: JSONSet, Min: 3, Max: -1, Args: []ArgClass{j, t, v}, Nulls: NullOwn, CanRaise: true, result: jsonLike, Doc: "Values put at paths. Arguments behind the first alternate path, value."},
		{Op: JSONRemove, Min: 2, Max: -1, Args: []ArgClass{j, t}, CanRaise: true, result: jsonLike, Doc: "The document without the values at the paths, one after the other."},
		{Op: JSONMergePatch, Min: 2, Max: -1, Args: []ArgClass{j}, Nulls: NullOwn, CanRaise: true, result: jsonLike, Doc: "RFC 7396 merge."},
		{Op: JSONMerge, Min: 2, Max: -1, Args: []ArgClass{j}, CanRaise: true, result: jsonLike, Doc: "Merge that keeps all values: arrays are joined, values of equal keys merged into arrays."},
		{Op: JSONDepth, Min: 1, Max: 1, Args: []ArgClass{j}, CanRaise: true, result: in, Doc: "The depth: 1 for scalars and empty containers."},
		{Op: JSONLength, Min: 1, Max: 2, Args: []ArgClass{j, t}, CanRaise: true, result: in, Doc: "The number of elements or members, 1 for a scalar; NULL when the path is not there."},
		{Op: JSONType, Min: 1, Max: 1, Args: []ArgClass{j}, CanRaise: true, result: fixed(text(20)), Doc: "The type: OBJECT, ARRAY, STRING, INTEGER, DOUBLE, DECIMAL, BOOLEAN, NULL, ..."},
		{Op: JSONValid, Min: 1, Max: 1, Args: []ArgClass{a}, result: in, Doc: "1 when the text is a JSON document."},
		{Op: JSONPretty, Min: 1, Max: 2, Args: []ArgClass{j, IntArg}, CanRaise: true, result: fixed(asciiResult), Doc: "The document with line breaks and indentation of the engine (JSON_PRETTY, JSON_DETAILED)."},
		{Op: JSONCompact, Min: 1, Max: 1, Args: []ArgClass{j}, CanRaise: true, result: jsonLike, Doc: "The document without blanks (MariaDB)."},
		{Op: JSONLoose, Min: 1, Max: 1, Args: []ArgClass{j}, CanRaise: true, result: jsonLike, Doc: "The document with single blanks (MariaDB)."},
		{Op: JSONNormalize, Min: 1, Max: 1, Args: []ArgClass{j}, CanRaise: true, result: jsonLike, Doc: "The document with sorted keys and without blanks (MariaDB)."},
		{Op: JSONEquals, Min: 2, Max: 2, Args: []ArgClass{j}, CanRaise: true, result: in, Doc: "1 when both documents are equal (MariaDB)."},
		{Op: JSONMemberOf, Min: 2, Max: 2, Args: []ArgClass{v, j}, CanRaise: true, result: in, Doc: "1 when the value is an element of the array, or equal to the document."},
		{Op: JSONSchemaValid, Min: 2, Max: 2, Args: []ArgClass{j}, CanRaise: true, result: in, Doc: "1 when the document fits the schema; not converted."},
		{Op: JSONStorageSize, Min: 1, Max: 1, Args: []ArgClass{a}, result: in, Doc: "Bytes of the engine's format; not converted."},
		{Op: JSONStorageFree, Min: 1, Max: 1, Args: []ArgClass{a}, result: in, Doc: "Bytes of the engine's format; not converted."},
	}
}
