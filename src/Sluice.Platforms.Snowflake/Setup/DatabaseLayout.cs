namespace Sluice.Platforms.Snowflake.Setup;

/// <summary>The names below the database that Sluice manages.</summary>
internal static class DatabaseLayout
{
    /// <summary>The schemas, each with the session variable by which the scripts name it.</summary>
    public static readonly IReadOnlyList<(string Name, string Variable)> Schemas =
        [(SystemSchema, "sluice_system"), (PolicySchema, "sluice_policies"), (FunctionSchema, "sluice_functions")];

    /// <summary>The schema of the tables that Sluice keeps.</summary>
    public const string SystemSchema = "SYSTEM";

    /// <summary>The schema of masking and row access policies.</summary>
    public const string PolicySchema = "POLICIES";

    /// <summary>The schema of the functions that policies ask.</summary>
    public const string FunctionSchema = "FUNCTIONS";
}
