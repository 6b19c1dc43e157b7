using System.Collections.Immutable;

namespace Sluice.Sandbox.Databricks.Sql;

/// <summary>DECLARE [OR REPLACE] [VARIABLE] name [type] [DEFAULT expression].</summary>
internal sealed record DeclareVariable(string Name, bool OrReplace, SqlType? Type, string? Default) : Statement("DECLARE VARIABLE");

/// <summary>SET VAR name = expression, …; a null expression is DEFAULT.</summary>
internal sealed record SetVariables(ImmutableArray<(string Name, string? Expression)> Values) : Statement("SET VARIABLE");

/// <summary>DROP TEMPORARY VARIABLE name.</summary>
internal sealed record DropVariable(string Name, bool IfExists) : Statement("DROP VARIABLE");

/// <summary>EXECUTE IMMEDIATE of a literal or of a variable.</summary>
internal sealed record ExecuteImmediate(string? Text, string? Variable) : Statement("EXECUTE IMMEDIATE");
