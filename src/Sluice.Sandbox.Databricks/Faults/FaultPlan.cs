using System.IO.Enumeration;

namespace Sluice.Sandbox.Databricks.Faults;

/// <summary>The faults in force, and how often each has met a request.</summary>
internal sealed class FaultPlan
{
    private readonly Lock gate = new();
    private readonly int seed;
    private Random random;
    private Rule[] rules;

    public FaultPlan(IEnumerable<DatabricksSandboxFault> faults, int seed)
    {
        this.seed = seed;
        random = new(seed);
        rules = [.. faults.Select(fault => new Rule(fault))];
    }

    public IReadOnlyList<DatabricksSandboxFault> Faults
    {
        get
        {
            lock (gate) return [.. rules.Select(rule => rule.Fault)];
        }
    }

    /// <summary>Puts other rules in place of those in force, and begins the sequence of chances anew.</summary>
    public void Replace(IEnumerable<DatabricksSandboxFault> faults)
    {
        Rule[] replacing = [.. faults.Select(fault => new Rule(fault))];
        lock (gate)
        {
            rules = replacing;
            random = new(seed);
        }
    }

    public FaultVerdict Decide(string action, bool bringsToken)
    {
        lock (gate)
        {
            var delay = TimeSpan.Zero;
            DatabricksSandboxFaultKind? kind = null;
            foreach (var rule in rules)
            {
                var fault = rule.Fault;
                var isLatency = fault.Kind == DatabricksSandboxFaultKind.Latency;
                if ((!isLatency && kind is not null) || !Meets(fault.Operation, action)) continue;
                if (fault.Kind == DatabricksSandboxFaultKind.ExpirePageToken && !bringsToken) continue;
                if (!rule.Fires(random)) continue;
                if (isLatency) delay += TimeSpan.FromMilliseconds(fault.LatencyMilliseconds + (random.NextDouble() * fault.JitterMilliseconds));
                else kind = fault.Kind;
            }

            return new(delay, kind);
        }
    }

    private static bool Meets(string operation, string action) =>
        FileSystemName.MatchesSimpleExpression(operation, action);

    private sealed class Rule(DatabricksSandboxFault fault)
    {
        private int met;
        private int fired;

        public DatabricksSandboxFault Fault => fault;

        public bool Fires(Random random)
        {
            met++;
            if (met <= fault.After || (fault.Times > 0 && fired >= fault.Times)) return false;
            var fires = fault.Every > 0 ? (met - fault.After) % fault.Every == 0
                : fault.Rate <= 0 || random.NextDouble() < fault.Rate;
            if (fires) fired++;
            return fires;
        }
    }
}

/// <summary>What the faults decided for one request.</summary>
internal readonly record struct FaultVerdict(TimeSpan Delay, DatabricksSandboxFaultKind? Kind);
