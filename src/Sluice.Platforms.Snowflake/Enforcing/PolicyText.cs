namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>Policies as facts.</summary>
internal static class PolicyText
{
    /// <summary>Detail of the fact that a policy is there.</summary>
    public const string Detail = "POLICY";

    /// <summary>Subject of the fact that rows of an object are filtered: there is one policy for all its rules.</summary>
    public const string Rows = "rows";

    /// <summary>Detail of the fact that a policy is set on a view, not a table: they are altered by different statements.</summary>
    public const string OnView = "VIEW";
}
