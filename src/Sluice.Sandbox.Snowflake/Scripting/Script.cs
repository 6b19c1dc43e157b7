using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Scripting;

/// <summary>
/// A block that stands by itself, or EXECUTE IMMEDIATE. It holds no lock: each of its statements takes its own, as if it had been sent
/// by itself, and is written down as a run of its own.
/// </summary>
internal sealed class Script
{
    private readonly string sql;
    private readonly BlockNode? block;
    private readonly Execution? execution;

    private Script(string sql, BlockNode? block, Execution? execution) => (this.sql, this.block, this.execution) = (sql, block, execution);

    /// <summary>Null where the text is a statement of SQL.</summary>
    /// <param name="sql">The text.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="inScript">True for what EXECUTE IMMEDIATE is given.</param>
    /// <exception cref="SnowflakeException">It is a script that can't be read.</exception>
    public static Script? TryRead(string sql, ImmutableArray<Token> tokens, bool inScript)
    {
        if (tokens[0].Is("EXECUTE") && tokens[1].Is("IMMEDIATE")) return new(sql, null, ScriptParser.ReadExecution(sql, tokens));
        return Blocks.Begins(tokens, 0, inScript) ? new(sql, ScriptParser.Read(sql, tokens), null) : null;
    }

    public StoredResult Run(SandboxRuntime runtime, QueryRun run, IReadOnlyList<string> binds)
    {
        if (binds.Count > 0) throw SnowflakeException.Unsupported("BIND VARIABLES OF A CLIENT IN A SCRIPT");
        using var runner = new ScriptRunner(runtime, run, sql);
        return block is not null ? runner.Run(block) : runner.Run(execution!);
    }
}
