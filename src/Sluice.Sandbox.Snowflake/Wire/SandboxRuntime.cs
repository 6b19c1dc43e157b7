using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Faults;
using Sluice.Sandbox.Snowflake.Identity;
using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Sessions;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Statements;

namespace Sluice.Sandbox.Snowflake.Wire;

/// <summary>Everything a running sandbox holds.</summary>
internal sealed class SandboxRuntime : IDisposable
{
    private readonly ReaderWriterLockSlim gate = new(LockRecursionPolicy.SupportsRecursion);

    public SandboxRuntime(SnowflakeSandboxOptions options)
    {
        Options = options;
        Sessions = new(options.Clock, options.SessionLifetime, options.MasterLifetime);
        Faults = new(options.Faults, options.Seed);
        Account = new(options.AccountName, options.Clock.GetUtcNow());
        Engine = new();
        Authority = new(options.OAuthClients, options.Clock);
        Logins = new(this);
        Kept = new(options.KeepAnswers);
    }

    public SnowflakeSandboxOptions Options { get; }

    /// <summary>Known once the port is.</summary>
    public Uri Endpoint { get; set; } = new("http://127.0.0.1");

    public AccountState Account { get; private set; }

    public QueryEngine Engine { get; private set; }

    public SessionStore Sessions { get; }

    public LoginCheck Logins { get; }

    public OAuthAuthority Authority { get; }

    public FaultPlan Faults { get; }

    public RequestCounts Requests { get; } = new();

    public QueryLog Log { get; } = new();

    public KeptAnswers Kept { get; }

    /// <summary>Runs a statement: reads beside each other, a write alone.</summary>
    public T Run<T>(bool writes, Func<T> work)
    {
        if (writes) gate.EnterWriteLock();
        else gate.EnterReadLock();
        try
        {
            return work();
        }
        finally
        {
            if (writes) Kept.Clear();
            if (writes) gate.ExitWriteLock();
            else gate.ExitReadLock();
        }
    }

    public void Change(IEnumerable<string> statements)
    {
        using var session = SetupSession();
        foreach (var text in statements)
        {
            foreach (var statement in StatementText.Split(text))
            {
                try
                {
                    StatementRunner.Run(this, new(Log.NextId(), session, statement.Text, statement.Kind, Options.Clock.GetUtcNow()), []).Dispose();
                }
                catch (SnowflakeException problem)
                {
                    throw new ArgumentException($"{problem.Code} {problem.Message} in: {statement.Text}", nameof(statements), problem);
                }
            }
        }
    }

    /// <summary>Back to the state the options describe; sessions end.</summary>
    public void Reset()
    {
        Run(writes: true, () =>
        {
            Sessions.Clear();
            Log.Clear();
            Engine.Dispose();
            Engine = new();
            Account = new(Options.AccountName, Options.Clock.GetUtcNow());
            Logins.ForgetKeys();
            AccountSetup.Fill(this);
            return true;
        });
        Faults.Replace(Options.Faults);
        Requests.Clear();
    }

    public void Dispose()
    {
        Sessions.Clear();
        Log.Clear();
        Engine.Dispose();
        Authority.Dispose();
        Logins.Dispose();
        Kept.Dispose();
        gate.Dispose();
    }

    private Session SetupSession() => new(Sessions.NextId(), Account, new(0, "SNOWFLAKE"), Account.Roles["ACCOUNTADMIN"]) { IsSetup = true };
}
