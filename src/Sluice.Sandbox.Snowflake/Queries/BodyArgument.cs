using Sluice.Sandbox.Snowflake.Results;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>What stands for an argument's name in the body of a policy or function.</summary>
/// <param name="Sql">SQL of the engine.</param>
/// <param name="Type">The type it is declared with.</param>
/// <param name="MayBeHidden">True where the body reads tables: a column of theirs comes before an argument of its name.</param>
internal readonly record struct BodyArgument(string Sql, SqlType Type, bool MayBeHidden);
