from rapport.config.command import main

raise SystemExit(main())
