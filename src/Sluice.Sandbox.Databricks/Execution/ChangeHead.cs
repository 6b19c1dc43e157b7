using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>How INSERT, UPDATE, DELETE and MERGE begin.</summary>
internal static class ChangeHead
{
    /// <summary>The token after the name of the table.</summary>
    public static int AfterTarget(Change change)
    {
        var reader = new TokenReader(change.Text);
        reader.Next();
        if (change.Verb is not "UPDATE") reader.Next();
        reader.Take("TABLE");
        reader.Name();
        return reader.Position;
    }
}
