using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>What is to be known of a policy's or function's body before it is rewritten.</summary>
internal static class PolicyBody
{
    /// <summary>True when it reads tables, whose columns may then hide its arguments.</summary>
    public static bool HasQuery(string body) => HasQuery(Tokenizer.Read(body));

    public static bool HasQuery(ImmutableArray<Token> tokens) => tokens.Any(token => token.Is("SELECT"));
}
