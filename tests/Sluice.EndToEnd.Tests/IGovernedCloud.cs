namespace Sluice.EndToEnd.Tests;

/// <summary>A server and a stand-in with tables of three columns (id, region, email), on which a <see cref="CloudWorld"/> comes about and people read.</summary>
internal interface IGovernedCloud : IAsyncDisposable
{
    string Key { get; }

    TestServer Server { get; }

    /// <summary>The schema that the tables lie in, as policies write its path: without brackets.</summary>
    string Schema { get; }

    /// <summary>A column as the stand-in spells it.</summary>
    string Column(string name);

    /// <summary>A table as the stand-in spells it.</summary>
    string Table(string name);

    /// <summary>A person as Sluice knows them.</summary>
    string Username(string person);

    /// <summary>Makes what changes something take longer at the stand-in, so that who reads meets what is in between.</summary>
    void Slow(int milliseconds);

    /// <summary>What may go wrong in an apply, whether all of it is made in spite of it, and whether without it no plan could be made.</summary>
    IReadOnlyList<(string What, bool IsMade, bool HasToBeginLater)> Faults { get; }

    /// <summary>Lets one of <see cref="Faults"/> come about.</summary>
    void Break(string what);

    /// <summary>Ends it.</summary>
    void Mend();

    /// <summary>Has the server look at the platform again, before the time for that has come.</summary>
    Task LookAsync(Api api);

    /// <summary>
    /// A person's session, who reads the three columns of a table by it: null where that is refused. An <see cref="HttpRequestException"/> says that there is no answer at the moment.
    /// </summary>
    Task<Func<string, Task<IReadOnlyList<string?[]>?>>> LogInAsync(string person);

    /// <summary>What the last refusal of a person said.</summary>
    string? RefusalOf(string person);

    /// <summary>kill -9, and a new start.</summary>
    Task KillAsync();
}
