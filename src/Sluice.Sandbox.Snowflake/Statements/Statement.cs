using Sluice.Sandbox.Snowflake.Results;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>A parsed statement that can be run.</summary>
internal abstract class Statement
{
    /// <summary>True for what changes the account: it runs alone.</summary>
    public virtual bool Writes => true;

    /// <summary>True where the columns of the answer can be told without doing anything.</summary>
    public virtual bool IsQuery => false;

    /// <summary>True for DDL, which commits the session's transaction first.</summary>
    public virtual bool Commits => Writes;

    public abstract Outcome Execute(StatementContext context);
}
