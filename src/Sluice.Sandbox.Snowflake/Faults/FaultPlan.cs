namespace Sluice.Sandbox.Snowflake.Faults;

/// <summary>The faults in force, and how often each has met a request.</summary>
internal sealed class FaultPlan
{
    private readonly Lock gate = new();
    private readonly int seed;
    private Random random;
    private Rule[] rules;

    public FaultPlan(IEnumerable<SnowflakeSandboxFault> faults, int seed)
    {
        this.seed = seed;
        random = new(seed);
        rules = [.. faults.Select(fault => new Rule(fault))];
    }

    public IReadOnlyList<SnowflakeSandboxFault> Faults
    {
        get
        {
            lock (gate) return [.. rules.Select(rule => rule.Fault)];
        }
    }

    /// <summary>Puts other rules in place of those in force, and begins the sequence of chances anew.</summary>
    public void Replace(IEnumerable<SnowflakeSandboxFault> faults)
    {
        Rule[] replacing = [.. faults.Select(fault => new Rule(fault))];
        lock (gate)
        {
            rules = replacing;
            random = new(seed);
        }
    }

    public FaultVerdict Decide(string operation)
    {
        lock (gate)
        {
            var delay = TimeSpan.Zero;
            var slow = TimeSpan.Zero;
            SnowflakeSandboxFaultKind? kind = null;
            foreach (var rule in rules)
            {
                var fault = rule.Fault;
                var waits = fault.Kind is SnowflakeSandboxFaultKind.Latency or SnowflakeSandboxFaultKind.SlowStatement;
                if ((!waits && kind is not null) || !Meets(fault.Operation, operation) || !rule.Fires(random)) continue;
                var wait = waits ? TimeSpan.FromMilliseconds(fault.LatencyMilliseconds + (random.NextDouble() * fault.JitterMilliseconds)) : default;
                if (!waits) kind = fault.Kind;
                else if (fault.Kind == SnowflakeSandboxFaultKind.Latency) delay += wait;
                else slow += wait;
            }

            return new(delay, slow, kind);
        }
    }

    private static bool Meets(string rule, string operation) =>
        rule == "*" || rule == operation
        || (operation.Length > rule.Length && operation.StartsWith(rule, StringComparison.Ordinal) && operation[rule.Length] is ':' or ' ');

    private sealed class Rule(SnowflakeSandboxFault fault)
    {
        private int met;
        private int fired;

        public SnowflakeSandboxFault Fault => fault;

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
internal readonly record struct FaultVerdict(TimeSpan Delay, TimeSpan Slow, SnowflakeSandboxFaultKind? Kind);
