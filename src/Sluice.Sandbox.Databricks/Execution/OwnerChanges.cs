using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Statements run as the owner of everything: what happens to a workspace behind a client's back.</summary>
internal static class OwnerChanges
{
    /// <exception cref="ArgumentException">A statement fails; those before it stay.</exception>
    public static void Run(SandboxRuntime runtime, IEnumerable<string> statements)
    {
        var session = new Session(Caller.System, null, null);
        foreach (var statement in statements)
        {
            try
            {
                using var result = new StatementRunner(runtime, session) { IsCounted = false }.Run(statement, CancellationToken.None);
            }
            catch (SqlException problem)
            {
                throw new ArgumentException(problem.Message, nameof(statements), problem);
            }
        }
    }
}
