// MySQL 8 and MariaDB 10/11 statements and stored programs.
//
// Shape: one statement list per unit, SLL only, left-factored, flat expressions (the builder folds precedence).
// The lexer is hand-written Go (parser/mysql): it knows sql_mode, executable comments and two-word contexts, so
// many decisions of the language are made before this grammar sees them (LABEL, CMD, SET_SOUP, CHARSET, ON_DUPLICATE...).
// The grammar accepts a superset; the builder rejects what has no meaning.
parser grammar MySQLParser;
options { tokenVocab=MySQLTokens; }

unit: SEMI* (topStmt (SEMI+ topStmt)* SEMI*)? EOF ;
topStmt: stmt | beginTop ;
beginTop: BEGIN (IDENT | NOT IDENT stmtList END)? ;

// ---- statements ----
stmtList: (stmtInner? SEMI)* ;
stmtInner: stmt | block ;
block: BEGIN (NOT IDENT)? stmtList END ;
stmt
  : queryStmt | insertStmt | replaceStmt | updateStmt | deleteStmt
  | setStmt | callStmt | doStmt | useStmt | cmdStmt
  | createStmt | alterStmt | dropStmt | renameStmt | truncateStmt
  | declareStmt | labeledStmt | ifStmt | caseStmt | loopStmt | whileStmt | repeatStmt | forStmt
  | leaveStmt | iterateStmt | returnStmt | openStmt | fetchStmt | closeStmt
  | signalStmt | resignalStmt | getDiagStmt | prepareStmt | executeStmt
  ;

cmdStmt: (CMD | DESC | CHECK | LOCK | HANDLER | CHANGE) soup ;
soup: (~SEMI)* ;
soupTail: (~(SEMI | DOT | LP) soup)? ;
useStmt: USE ident ;
callStmt: CALL qname (LP exprList? RP)? ;
doStmt: DO exprList ;
truncateStmt: TRUNCATE TABLE? qname soupTail ;
renameStmt: RENAME (TABLE ifExists? renameItem (COMMA renameItem)* | IDENT soup) ;
renameItem: qname TO qname ;

setStmt: SET setItem (COMMA setItem)* | SET_SOUP soup ;
setItem: USERVAR setEq setValue | SYSVAR setEq setValue | SCOPE? qname setEq setValue ;
setEq: EQ | ASSIGN ;
setValue: expr | ON | ALL | ROW ;

// ---- stored programs ----
labeledStmt: LABEL (block | loopStmt | whileStmt | repeatStmt | forStmt) ident? ;
declareStmt: DECLARE ( declareHandler | identList (declareVar | declareCondition | declareCursor) ) ;
declareVar: dataType ((DEFAULT | ASSIGN) expr)? ;
declareCondition: CONDITION FOR condValue ;
declareCursor: CURSOR (LP param (COMMA param)* RP)? FOR (query | ident) ;
declareHandler: (CONTINUE | EXIT | UNDO) HANDLER FOR condValue (COMMA condValue)* (stmt | block) ;
condValue: SQLSTATE VALUE? STRING | NUMBER | SQLWARNING | SQLEXCEPTION | NOT IDENT | ident ;
ifStmt: IF expr THEN stmtList (ELSEIF expr THEN stmtList)* (ELSE stmtList)? END IF ;
caseStmt: CASE expr? (WHEN expr THEN stmtList)+ (ELSE stmtList)? END CASE ;
loopStmt: LOOP stmtList END LOOP ;
whileStmt: WHILE expr DO stmtList END WHILE ;
repeatStmt: REPEAT stmtList UNTIL expr END REPEAT ;
forStmt: FOR ident IN REVERSE? expr (DOTDOT expr)? DO stmtList END FOR ;
leaveStmt: LEAVE ident ;
iterateStmt: ITERATE ident ;
returnStmt: RETURN expr ;
openStmt: OPEN ident (LP exprList RP)? ;
fetchStmt: FETCH ident? (FROM ident)? INTO intoTarget (COMMA intoTarget)* ;
closeStmt: CLOSE ident ;
signalStmt: SIGNAL condValue signalSet? ;
resignalStmt: RESIGNAL condValue? signalSet? ;
signalSet: SET signalItem (COMMA signalItem)* ;
signalItem: ident EQ expr ;
getDiagStmt: GET_DIAGNOSTICS (CONDITION expr)? diagItem (COMMA diagItem)* ;
diagItem: intoTarget EQ ident ;
prepareStmt: PREPARE ident FROM expr ;
executeStmt: EXECUTE ident expr? (USING exprList)? ;

// ---- CREATE ----
createStmt: CREATE createMod* createBody ;
createMod: OR REPLACE | DEFINER EQ userSpec | OPT1 EQ? ident | SQL_SECURITY ident | TEMPORARY | UNIQUE | FULLTEXT | SPATIAL | UNDO ;
createBody
  : createTable | createIndex | createView | createDatabase | createSequence | createTrigger | createEvent | createProcedure | createFunction
  | IDENT soup
  ;
userSpec: (ident | STRING) USERVAR? (LP RP)? ;
ifNotExists: IF NOT EXISTS ;
ifExists: IF EXISTS ;

createTable: TABLE ifNotExists? qname ( LIKE qname | LP createParen RP createTail | createTail ) ;
createParen: LIKE qname | query | tableElem (COMMA tableElem)* ;
createTail: (tableOption COMMA?)* partitionBy? ((IGNORE | REPLACE)? AS? query)? ;
tableElem: constraintDef | columnDef | PERIOD_FOR ident parenIdents ;
columnDef: ident dataType columnAttr* ;
columnAttr
  : NOT NULL | NULL | DEFAULT defaultValue | ON UPDATE primary | UNIQUE KEY? | PRIMARY? KEY | COMMENT STRING | COLLATE charsetName
  | (CONSTRAINT ident?)? CHECK LP expr RP | NOT_ENFORCED | references
  | (GENERATED IDENT)? AS (LP expr RP | ROW IDENT) | OPT1 EQ? optionValue | WITH SYSTEM_VERSIONING | IDENT SYSTEM_VERSIONING? | AFTER ident
  ;
defaultValue: (PLUS | MINUS)? primary ;
charsetName: ident | STRING | BINARY ;
constraintDef: (CONSTRAINT ident?)?
  ( PRIMARY KEY keyName? keyBody | UNIQUE (INDEX | KEY)? keyName? keyBody | (INDEX | KEY) keyName? keyBody
  | (FULLTEXT | SPATIAL) (INDEX | KEY)? keyName? keyBody | FOREIGN KEY keyName? parenIdents references | CHECK LP expr RP NOT_ENFORCED? IDENT? ) ;
keyName: ifNotExists? ident | ifNotExists ;
keyBody: (USING ident)? LP keyPart (COMMA keyPart)* RP indexOption* ;
keyPart: (ident (LP NUMBER RP)? | LP expr RP | PERIOD_FOR) (ASC | DESC)? ;
indexOption: USING ident | WITH IDENT ident | COMMENT EQ? STRING | LOCK EQ? optionValue | NOT IDENT | OPT1 EQ? optionValue | IDENT ;
references: REFERENCES qname parenIdents? (MATCH IDENT)? refAction* ;
refAction: ON (DELETE | UPDATE) (RESTRICT | CASCADE | SET (NULL | DEFAULT) | IDENT IDENT) ;
tableOption: DEFAULT? ( CHARSET EQ? charsetName | COLLATE EQ? charsetName | (IDENT | OPT1 | DATA_DIRECTORY | COMMENT | SEQUENCE) EQ? optionValue )
  | UNION EQ? LP (qname (COMMA qname)*)? RP | WITH SYSTEM_VERSIONING ;
optionValue: ident | STRING | NUMBER | HEX | DEFAULT | KEYS | ON ;

partitionBy: PARTITION BY partMethod partMore* (LP partDef (COMMA partDef)* RP)? ;
partMethod: (IDENT | KEY | RANGE | OPT1 | COLUMNS)+ (EQ NUMBER)? (LP exprList? RP)? partInterval? ;
partInterval: INTERVAL literal IDENT? ;
partMore: IDENT (NUMBER | BY partMethod) | EVENT_BOUND literal ;
partDef: PARTITION ident (VALUES (IDENT IDENT (LP exprList RP | ident) | IN LP exprList RP) | DEFAULT | IDENT)? partOption* (LP subPartDef (COMMA subPartDef)* RP)? ;
subPartDef: IDENT ident partOption* ;
partOption: (IDENT | OPT1 | DATA_DIRECTORY | COMMENT) EQ? optionValue ;

createIndex: INDEX ifNotExists? ident (USING ident)? ON qname keyBody ;
createView: VIEW ifNotExists? qname parenIdents? AS query (WITH IDENT? CHECK IDENT)? ;
createDatabase: DATABASE ifNotExists? ident (tableOption COMMA?)* ;
createSequence: SEQUENCE ifNotExists? qname soupTail ;
createTrigger: TRIGGER ifNotExists? qname (BEFORE | AFTER) (INSERT | UPDATE | DELETE) ON qname FOR IDENT ROW (IDENT ident)? (stmt | block) ;
createEvent: EVENT ifNotExists? qname eventClause* (DO (stmt | block))? ;
eventClause: ON_SCHEDULE IDENT expr IDENT? eventBound* | ON_COMPLETION NOT? IDENT | IDENT (ON IDENT)? | COMMENT STRING | RENAME TO qname ;
eventBound: EVENT_BOUND expr ;
createProcedure: PROCEDURE ifNotExists? qname LP (param (COMMA param)*)? RP routineChar* (stmt | block) ;
createFunction: FUNCTION ifNotExists? qname ( LP (param (COMMA param)*)? RP RETURNS dataType routineChar* (stmt | block) | RETURNS IDENT IDENT STRING ) ;
param: (IN | OUT | INOUT)? ident dataType ((DEFAULT | ASSIGN) expr)? ;
routineChar: COMMENT STRING | NOT? IDENT | SQL_SECURITY ident ;

// ---- ALTER, DROP ----
alterStmt: ALTER alterMod* alterBody ;
alterMod: OPT1 EQ? ident | DEFINER EQ userSpec | SQL_SECURITY ident | IGNORE ;
alterBody
  : TABLE ifExists? qname waitOpt? alterSpecs?
  | createView | DATABASE ident? (tableOption COMMA?)* | SEQUENCE ifExists? qname soupTail | createEvent
  | (PROCEDURE | FUNCTION) ifExists? qname routineChar* | IDENT soup ;
waitOpt: IDENT NUMBER ;
alterSpecs: alterSpec (COMMA alterSpec)* ;
alterSpec
  : ADD ( COLUMN ifNotExists? (columnDef | LP tableElem (COMMA tableElem)* RP) | ifNotExists columnDef | LP tableElem (COMMA tableElem)* RP
        | PARTITION ifNotExists? (LP partDef (COMMA partDef)* RP | IDENT NUMBER) | SYSTEM_VERSIONING | tableElem )
  | DROP ( COLUMN? ifExists? ident (RESTRICT | CASCADE)? | PRIMARY KEY | (INDEX | KEY) ifExists? ident | FOREIGN KEY ifExists? ident
        | CONSTRAINT ifExists? ident | CHECK ident | PARTITION ifExists? identList | PERIOD_FOR ident | SYSTEM_VERSIONING )
  | CHANGE COLUMN? ifExists? ident columnDef
  | MODIFY COLUMN? ifExists? columnDef
  | ALTER ( COLUMN? ifExists? ident (SET (DEFAULT defaultValue | IDENT) | DROP DEFAULT) | INDEX ifExists? ident NOT? IDENT | (CONSTRAINT | CHECK) ident (NOT_ENFORCED | IDENT) )
  | RENAME ( (TO | AS)? qname | COLUMN ifExists? ident TO ident | (INDEX | KEY) ifExists? ident TO ident )
  | CONVERT TO CHARSET EQ? charsetName (COLLATE EQ? charsetName)?
  | ORDER BY orderItem (COMMA orderItem)*
  | FORCE | LOCK EQ? optionValue | TRUNCATE PARTITION partSoup | CHECK PARTITION partSoup | IDENT PARTITION partSoup
  | (tableOption)+ partitionBy? | partitionBy | (WITH | IDENT) IDENT
  ;
partSoup: (~(SEMI | COMMA) | COMMA)* ;

dropStmt: DROP TEMPORARY?
  ( (TABLE | VIEW) ifExists? qname (COMMA qname)* dropTail?
  | DATABASE ifExists? ident
  | (INDEX) ifExists? ident ON qname (LOCK EQ? optionValue | OPT1 EQ? optionValue)*
  | (PROCEDURE | FUNCTION | TRIGGER | EVENT | SEQUENCE) ifExists? qname (COMMA qname)*
  | PREPARE ident
  | IDENT soup ) ;
dropTail: RESTRICT | CASCADE | IDENT NUMBER? ;

// ---- queries ----
queryStmt: withClause (queryBody | updateStmt | deleteStmt) | queryBody ;
query: withClause? queryBody ;
insertQuery: withClause? queryTermNV queryRest ;
withClause: WITH RECURSIVE? cte (COMMA cte)* ;
cte: ident parenIdents? AS LP query RP (IDENT ident SET ident IDENT ident)? ;
queryBody: queryTerm queryRest ;
queryRest: (setOp queryTerm)* orderBy? queryTail* ;
queryTail: limit | lockClause | intoClause ;
setOp: (UNION | EXCEPT | INTERSECT) (ALL | DISTINCT)? ;
queryTerm: queryTermNV | valuesTerm ;
queryTermNV: querySpec | LP query RP | TABLE qname ;
valuesTerm: (VALUES rowValue | VALUES_ROW rowTail) (COMMA rowValue)* ;
rowTail: LP exprList? RP ;
rowValue: ROW? LP exprList? RP ;
querySpec: SELECT selectOpt* selectItem (COMMA selectItem)* intoClause? fromClause? whereClause? groupBy? havingClause? windowClause? ;
selectOpt: ALL | DISTINCT | STRAIGHT_JOIN | SELECT_OPT | PRIORITY ;
selectItem: STAR | expr (AS (ident | STRING) | aliasIdent | STRING)? ;
intoClause: INTO ( intoTarget (COMMA intoTarget)* | OUTFILE STRING outfileSoup ) ;
outfileSoup: (CHARSET charsetName)? (IDENT | STRING | COLUMNS | BY | HEX)* ;
intoTarget: USERVAR | ident (DOT ident)* ;
fromClause: FROM tableRef (COMMA tableRef)* ;
whereClause: WHERE expr ;
havingClause: HAVING expr ;
groupBy: GROUP BY groupItem (COMMA groupItem)* WITH_ROLLUP? ;
groupItem: expr (ASC | DESC)? ;
orderBy: ORDER BY orderItem (COMMA orderItem)* ;
orderItem: expr (ASC | DESC)? ;
limit: LIMIT expr (COMMA expr)? (ROWS IDENT expr)? | OFFSET expr (ROW | ROWS)? | fetchFirst ;
fetchFirst: FETCH IDENT (NUMBER | PARAM | USERVAR)? (ROW | ROWS) (IDENT | WITH IDENT) ;
lockClause: FOR (UPDATE | IDENT) (OF qname (COMMA qname)*)? (IDENT (IDENT | NUMBER)?)? | LOCK IN IDENT IDENT ;
windowClause: WINDOW windowDef (COMMA windowDef)* ;
windowDef: ident AS windowSpec ;
windowSpec: LP (IDENT | QIDENT)? (PARTITION BY exprList)? orderBy? frame? RP ;
frame: (ROWS | RANGE) (BETWEEN frameBound AND frameBound | frameBound) ;
frameBound: expr (IDENT | ROW) ;

tableRef: tableFactor joinTail* ;
joinTail: joinOp tableFactor joinCond* ;
joinOp: (INNER | CROSS)? JOIN | STRAIGHT_JOIN | (LEFT | RIGHT) OUTER? JOIN | NATURAL (INNER | (LEFT | RIGHT) OUTER?)? JOIN ;
joinCond: ON expr | USING parenIdents ;
tableFactor
  : qname partitionSel? systemTime? portionOf? tableAlias? indexHint*
  | LP parenTable RP derivedAlias?
  | LATERAL LP query RP derivedAlias?
  | jsonTable tableAlias?
  | LBRACE IDENT tableRef RBRACE
  ;
parenTable: queryBodyStart | withClause queryBody | valuesTerm queryRest | tableRef (COMMA tableRef)* queryRest ;
queryBodyStart: (querySpec | TABLE qname) queryRest ;
partitionSel: PARTITION parenIdents ;
systemTime: FOR_SYSTEM_TIME (ALL | AS OF expr | BETWEEN expr | FROM expr TO expr) ;
portionOf: FOR_PORTION_OF ident FROM expr TO expr ;
tableAlias: AS (ident | STRING) | aliasIdent ;
derivedAlias: (AS ident | aliasIdent) parenIdents? ;
indexHint: (USE | FORCE | IGNORE) (INDEX | KEY) (FOR (JOIN | ORDER BY | GROUP BY))? LP (hintName (COMMA hintName)*)? RP ;
hintName: ident | PRIMARY ;
jsonTable: JSON_TABLE LP expr COMMA expr jtColumns RP ;
jtColumns: COLUMNS LP jtCol (COMMA jtCol)* RP ;
jtCol: ident ( FOR IDENT | STRING jtColumns | dataType ( EXISTS? IDENT STRING jtOn* | STRING jtColumns ) ) ;
jtOn: (NULL | IDENT | DEFAULT primary) ON IDENT ;

// ---- data change ----
insertStmt: INSERT insertOpt* INTO? qname partitionSel? insertBody onDuplicate? returning? ;
replaceStmt: REPLACE insertOpt* INTO? qname partitionSel? insertBody returning? ;
insertOpt: PRIORITY | IGNORE | SELECT_OPT ;
insertBody: LP insertParen | insertSource ;
insertParen: (colRef (COMMA colRef)*)? RP insertSource | (withClause? queryTerm queryRest) RP queryRest ;
insertSource: ((VALUES | VALUE) rowValue | VALUES_ROW rowTail) (COMMA rowValue)* rowAlias? | SET assign (COMMA assign)* rowAlias? | insertQuery ;
rowAlias: AS ident parenIdents? ;
colRef: ident (DOT ident)* ;
onDuplicate: ON_DUPLICATE assign (COMMA assign)* ;
assign: colRef setEq expr ;
returning: RETURNING selectItem (COMMA selectItem)* ;
updateStmt: UPDATE (PRIORITY | IGNORE)* tableRef (COMMA tableRef)* SET assign (COMMA assign)* whereClause? orderBy? limit? returning? ;
deleteStmt: DELETE (PRIORITY | IGNORE)*
  ( FROM delTarget (COMMA delTarget)* (USING tableRef (COMMA tableRef)*)? | delTarget (COMMA delTarget)* fromClause )
  whereClause? orderBy? limit? returning? ;
delTarget: ident (DOT (ident | STAR))* partitionSel? portionOf? tableAlias? ;

// ---- expressions: flat ----
exprList: expr (COMMA expr)* ;
expr: operand (binTail | isTail | COLLATE charsetName)* ;
operand: unaryOp* primary ;
unaryOp: NOT | MINUS | PLUS | TILDE | BANG | BINARY ;
binTail: binOp (operand | (ANY | ALL) LP parenBody RP) ;
binOp: OR | OROR | XOR | AND | ANDAND | EQ | NSEQ | NE | LT | GT | LE | GE | PLUS | MINUS | STAR | SLASH | DIV | MOD | PCT | AMP | PIPE | CARET | SHL | SHR
  | CONCAT | ASSIGN | ARROW | ARROW2 | ESCAPE | BETWEEN | IN | LIKE | REGEXP | SOUNDS_LIKE | MEMBER_OF | NOT (BETWEEN | IN | LIKE | REGEXP) ;
isTail: IS NOT? (NULL | TRUE | FALSE | IDENT) ;

primary
  : literal
  | ref
  | USERVAR | SYSVAR | PARAM
  | LP parenBody RP
  | ROW LP exprList RP
  | EXISTS LP parenBody RP
  | caseExpr
  | INTERVAL expr ident
  | MATCH matchCols IDENT LP expr matchMode? RP
  | CONVERT LP expr (COMMA dataType | USING charsetName) RP
  | VALUES LP exprList? RP
  | DEFAULT (LP colRef RP)?
  | kwCall
  | (NEXT_VALUE_FOR | PREVIOUS_VALUE_FOR) qname
  | LBRACE IDENT expr RBRACE
  ;
literal: NUMBER | STRING | HEX | BIT | INTRODUCER (STRING | HEX | BIT) | NULL | TRUE | FALSE | TEMPORAL STRING ;
parenBody: querySpecStart | withClause queryBody | exprList queryRest ;
querySpecStart: (querySpec | TABLE qname | VALUES_ROW rowTail (COMMA rowValue)*) queryRest ;
matchCols: LP colRef (COMMA colRef)* RP | colRef (COMMA colRef)* ;
matchMode: MATCH_MODE (WITH IDENT IDENT)? | WITH IDENT IDENT ;
caseExpr: CASE expr? (WHEN expr THEN expr)+ (ELSE expr)? END ;
kwCall: (IF | LEFT | RIGHT | REPEAT | REPLACE | INSERT | MOD | DATABASE | CHARSET) LP args? RP ;
ref: ident postfix* ;
postfix: DOT (ident | STAR) | LP args? RP | NULLS_TREATMENT | OVER (windowSpec | ident) | WITHIN_GROUP LP orderBy RP ;
args: (DISTINCT | ALL)? arg (COMMA arg)* orderBy? (SEPARATOR STRING)? limit* ;
arg: STAR | (LEADING | TRAILING | BOTH) expr? (FROM expr)? | expr argTail? ;
argTail: AS dataType IDENT? | FROM expr (FOR expr)? | FOR expr | USING charsetName | RETURNING dataType jtOn* | jtOn+ ;

// ---- types ----
dataType: ( TYPE_PREFIX? typeName TYPE_WORD? | (UNSIGNED | SIGNED) TYPE_WORD? | BINARY | SET | ROW LP rowField (COMMA rowField)* RP | (TYPE_OF | ROW_TYPE_OF) qname )
  typeArgs? typeAttr* ;
typeName: IDENT | QIDENT | CHARSET | SEQUENCE ;
rowField: ident dataType ;
typeArgs: LP typeArg (COMMA typeArg)* RP ;
typeArg: NUMBER | STRING | HEX | IDENT ;
typeAttr: UNSIGNED | SIGNED | ZEROFILL | BINARY | CHARSET charsetName | COLLATE charsetName ;

// ---- names ----
qname: ident (DOT ident)* ;
identList: ident (COMMA ident)* ;
parenIdents: LP (ident (COMMA ident)*)? RP ;
ident: aliasIdent | OFFSET | RETURNING ;
aliasIdent: IDENT | QIDENT | AFTER | BEGIN | CLOSE | COLUMNS | COMMENT | DEFINER | DO | END | EVENT | EXECUTE | FUNCTION | HANDLER | MODIFY | OPEN | OPT1 | PREPARE
  | RETURNS | ROWS | SEQUENCE | SIGNED | TEMPORARY | TRUNCATE | UNTIL | VALUE | VIEW | TYPE_PREFIX | SCOPE ;
